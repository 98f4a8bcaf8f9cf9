using System.Runtime.CompilerServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// Hashes and compares passwords on the calling thread, without a queue. It is for tools, tests and code that must be synchronous; a server uses
/// <see cref="PasswordEngine"/>. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// A password is hashed as the UTF-8 bytes of its NFC form. New hashes are <c>$2b$</c> bcrypt for passwords of at most 72 bytes without NUL, otherwise
/// passlib's <c>$bcrypt-sha256$v=2</c>; or they have ASP.NET Core Identity's format (<see cref="PasswordEngineOptions.Format"/>). No password is ever
/// truncated. The platform does not normalise in an application with invariant globalization; there only the text as sent is compared.
/// </remarks>
public sealed class PasswordHasher
{
    /// <summary>Lowest cost for real passwords (OWASP password storage: at least 10).</summary>
    internal const int LowestCost = 10;

    /// <summary>Highest cost of new hashes: about four seconds each.</summary>
    internal const int HighestCost = 16;

    private readonly WorkRate _rate = new();
    private readonly PasswordMetrics _metrics;
    private readonly PasswordScheme _scheme;

    /// <summary>Makes a hasher.</summary>
    /// <param name="cost">bcrypt cost factor of new hashes, 10 to 16: 2^cost rounds.</param>
    /// <param name="foreignSchemes">
    /// Further schemes that can be read besides the built-in formats, asked in this order. A right password of such a hash gives
    /// <see cref="PasswordVerification.SuccessRehashNeeded"/>. Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is outside 10 to 16.</exception>
    /// <exception cref="ArgumentException">One of the schemes is null.</exception>
    public PasswordHasher(int cost = 12, IEnumerable<IPasswordHashFormat>? foreignSchemes = null)
        : this(cost, LowestCost, PasswordMetrics.OfHashers, Copy(foreignSchemes))
    {
    }

    /// <summary>Makes a hasher that writes and reads the same hashes as an engine with these settings.</summary>
    /// <param name="options">The settings. They are read only here. Settings of threads and queues have no effect here.</param>
    /// <exception cref="ArgumentException">A setting is outside its range. The parameter's name is that of the setting.</exception>
    public PasswordHasher(PasswordEngineOptions options)
        : this(options, PasswordMetrics.OfHashers)
    {
    }

    /// <summary>For tests: allows a cost down to 4.</summary>
    internal PasswordHasher(int cost, int lowestCost, PasswordMetrics metrics, params IReadOnlyList<IPasswordHashFormat> foreignSchemes)
        : this(OptionsOf(cost, lowestCost, foreignSchemes), metrics)
    {
    }

    private PasswordHasher(PasswordEngineOptions options, PasswordMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check().ThrowIfFaulty(nameof(PasswordEngineOptions));
        _metrics = metrics;
        _scheme = new PasswordScheme(options, _rate, TimeProvider.System);
    }

    /// <summary>Makes a new hash with a new salt, as text to store.</summary>
    /// <param name="password">Valid Unicode of at most 4,096 UTF-8 bytes. Check it with <see cref="Rules.PasswordRules"/> first, to tell the user.</param>
    /// <exception cref="ArgumentException">The password is longer, or has a lone surrogate or U+FFFE.</exception>
    public string Hash(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        using var bytes = PasswordBytes.Of(password);
        RequireHashable(bytes, nameof(password));
        var answer = new StrongBox<string>();
        Run(_scheme.Hash(bytes, answer));
        return answer.Value!;
    }

    /// <summary>Compares a password with a stored hash. Every failure takes the work of at least one hash at the configured cost.</summary>
    /// <param name="password">The password as it was sent. Text that cannot be a password (too long, not Unicode) counts as a wrong password.</param>
    /// <param name="storedHash">
    /// A hash in any format of the table in the documentation. For null, empty or unreadable text the result is <see cref="PasswordVerification.Failed"/>. It
    /// never throws.
    /// </param>
    public PasswordVerification Verify(string password, string? storedHash)
    {
        ArgumentNullException.ThrowIfNull(password);
        using var bytes = PasswordBytes.Of(password);
        var answer = new StrongBox<PasswordVerification>();
        Run(_scheme.Verify(bytes, _scheme.Parse(storedHash), answer));
        return answer.Value;
    }

    internal static void RequireHashable(PasswordBytes password, string parameterName)
    {
        if (!password.IsHashable)
        {
            throw new ArgumentException(
                $"A password to be hashed must be valid Unicode of at most {PasswordBytes.MaxBytes} UTF-8 bytes; check it with PasswordRules first.",
                parameterName);
        }
    }

    private static PasswordEngineOptions OptionsOf(int cost, int lowestCost, IReadOnlyList<IPasswordHashFormat> foreignSchemes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, lowestCost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, HighestCost);
        var options = new PasswordEngineOptions { LowestCost = lowestCost, Cost = cost };
        foreach (var scheme in foreignSchemes)
        {
            options.AdditionalFormats.Add(scheme);
        }

        return options;
    }

    private static IPasswordHashFormat[] Copy(IEnumerable<IPasswordHashFormat>? foreignSchemes)
    {
        IPasswordHashFormat[] copy = [.. foreignSchemes ?? []];
        return !copy.Contains(null) ? copy : throw new ArgumentException("A scheme is null.", nameof(foreignSchemes));
    }

    private void Run(IEnumerator<BcryptRequest?> steps)
    {
        using var lane = new BcryptLanes(1);
        using (steps)
        {
            while (steps.MoveNext())
            {
                // Null: the next step computes by itself. There is no other work to make room for.
                if (steps.Current is { } request)
                {
                    long started = TimeProvider.System.GetTimestamp();
                    lane.Begin(request);
                    lane.Advance(request.Rounds);
                    lane.Finish(0);
                    _rate.Observe(request.Rounds, active: 1, width: 1, TimeProvider.System.GetElapsedTime(started));
                    _metrics.Hashed(request);
                }
            }
        }
    }
}
