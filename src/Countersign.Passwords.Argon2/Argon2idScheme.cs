namespace Countersign.Passwords.Argon2;

/// <summary>
/// Reads Argon2id hashes as most libraries store them (RFC 9106; the PHC string format): <c>$argon2id$v=19$m=65536,t=3,p=4$salt$hash</c>, with salt and hash in
/// base64 without padding. Add it to <see cref="PasswordEngineOptions.AdditionalFormats"/>; nothing is ever hashed with it. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// Read is exactly that form: version 19, the three parameters in this order, no <c>keyid</c> and no <c>data</c>, a salt of 8 to 64 bytes and a hash of 16 to 64 in whole words of 4. Argon2i, Argon2d and
/// older versions fail like a wrong password, as does what is above a limit of <see cref="Argon2idOptions"/>. The empty password never matches: the library underneath knows none.
/// That library computes on threads of the thread pool, so a comparison takes as many of them as the hash has lanes, and the engine's thread waits.
/// </remarks>
public sealed class Argon2idScheme : IForeignPasswordScheme
{
    private readonly Argon2idOptions _options;
    private readonly Argon2Computation _computation;

    /// <summary>Makes the scheme with the default limits.</summary>
    public Argon2idScheme()
        : this(new Argon2idOptions())
    {
    }

    /// <summary>Makes the scheme. Whoever uses it shares one bound on memory.</summary>
    /// <param name="options">Read here and never again.</param>
    /// <exception cref="ArgumentException">A setting is outside its range; the parameter's name is the setting's.</exception>
    public Argon2idScheme(Argon2idOptions options)
        : this(options, Argon2Computation.Compute)
    {
    }

    /// <summary>The door for tests, which count what is computed.</summary>
    internal Argon2idScheme(Argon2idOptions options, Func<Argon2idParameters, byte[], byte[]> compute)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
        _computation = new Argon2Computation(_options.MaxConcurrent, compute);
    }

    /// <inheritdoc />
    public IForeignPasswordHash? TryParse(string storedHash)
    {
        ArgumentNullException.ThrowIfNull(storedHash);
        return Argon2idParameters.TryParse(storedHash) is { } parameters && _options.Allows(parameters) ? new Argon2idHash(parameters, _computation) : null;
    }
}
