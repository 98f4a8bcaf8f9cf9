using System.Diagnostics.CodeAnalysis;

namespace Countersign.Passwords.Argon2;

/// <summary>
/// Reads Argon2id hashes as most libraries store them (RFC 9106; the PHC string format): <c>$argon2id$v=19$m=65536,t=3,p=4$salt$hash</c>, with salt and hash in
/// base64 without padding. Add it to <see cref="PasswordEngineOptions.AdditionalFormats"/>. It only reads: no new hash has this format. Safe for use by many
/// threads at once.
/// </summary>
/// <remarks>
/// It reads exactly that form: version 19, the three parameters in this order, no <c>keyid</c> and no <c>data</c>, a salt of 8 to 64 bytes, and a hash of 16 to
/// 64 bytes in whole words of 4. Argon2i, Argon2d, older versions and hashes above a limit of <see cref="Argon2idOptions"/> fail like a wrong password. The
/// empty password never matches, because the underlying library does not support it. That library computes on threads of the thread pool. A comparison takes as
/// many of them as the hash has lanes, and the engine's thread waits.
/// </remarks>
public sealed class Argon2idFormat : IPasswordHashFormat
{
    private readonly Argon2idOptions _options;
    private readonly Argon2Computation _computation;

    /// <summary>Makes the scheme with the default limits.</summary>
    public Argon2idFormat()
        : this(new Argon2idOptions())
    {
    }

    /// <summary>Makes the scheme with the given limits. All engines and hashers that use this object share its limit on memory.</summary>
    /// <param name="options">The limits. They are read only here.</param>
    /// <exception cref="ArgumentException">A setting is outside its range. The parameter's name is that of the setting.</exception>
    public Argon2idFormat(Argon2idOptions options)
        : this(options, Argon2Computation.Compute)
    {
    }

    /// <summary>For tests, which count the computations.</summary>
    internal Argon2idFormat(Argon2idOptions options, Func<Argon2idParameters, byte[], byte[]> compute)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
        _computation = new Argon2Computation(_options.MaxConcurrent, compute);
    }

    /// <inheritdoc />
    public bool TryParse(string storedHash, [NotNullWhen(true)] out IStoredPasswordHash? hash)
    {
        ArgumentNullException.ThrowIfNull(storedHash);
        hash = Argon2idParameters.TryParse(storedHash) is { } parameters && _options.Allows(parameters) ? new Argon2idHash(parameters, _computation) : null;
        return hash is not null;
    }
}
