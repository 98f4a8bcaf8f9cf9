using System.Runtime.CompilerServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// The synchronous face: hashes and compares on the calling thread, without a queue. For tools, tests and code that cannot wait;
/// a server uses <see cref="PasswordEngine"/>. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// A password is hashed as the UTF-8 bytes of its NFC form. New hashes are <c>$2b$</c> bcrypt for passwords of at most 72 bytes without NUL, otherwise
/// passlib's <c>$bcrypt-sha256$v=2</c>; or ASP.NET Core Identity's (<see cref="PasswordEngineOptions.Format"/>). No password is ever truncated. In an
/// application that runs with invariant globalization the platform does not normalise,
/// so there only the text as sent is compared.
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
    /// Schemes that are read besides the built-in formats, asked in this order; a right password of one is <see cref="PasswordVerification.SuccessRehashNeeded"/>. Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is outside 10 to 16.</exception>
    /// <exception cref="ArgumentException">One of the schemes is null.</exception>
    public PasswordHasher(int cost = 12, IEnumerable<IForeignPasswordScheme>? foreignSchemes = null)
        : this(cost, LowestCost, PasswordMetrics.OfHashers, Copy(foreignSchemes))
    {
    }

    /// <summary>Makes a hasher that writes and reads what an engine with these settings does.</summary>
    /// <param name="options">Read here and never again. What is about threads and queues has no meaning here.</param>
    /// <exception cref="ArgumentException">A setting is outside its range; the parameter's name is the setting's.</exception>
    public PasswordHasher(PasswordEngineOptions options)
        : this(options, PasswordMetrics.OfHashers)
    {
    }

    /// <summary>The door for tests, down to cost 4.</summary>
    internal PasswordHasher(int cost, int lowestCost, PasswordMetrics metrics, params IReadOnlyList<IForeignPasswordScheme> foreignSchemes)
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

    /// <summary>Makes a new hash, with a new salt, as text to be stored.</summary>
    /// <param name="password">Valid Unicode of at most 4,096 UTF-8 bytes; <see cref="Rules.PasswordRules"/> says so to a person before.</param>
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

    /// <summary>Compares a password with a stored hash. Every refusal takes the work of at least one hash at the configured cost.</summary>
    /// <param name="password">As it was sent; text that cannot be a password (too long, not Unicode) is a wrong one.</param>
    /// <param name="storedHash">Any format of the table in the documentation. Null, empty or unreadable: <see cref="PasswordVerification.Failed"/>; it never throws.</param>
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
                $"A password to be hashed is valid Unicode of at most {PasswordBytes.MaxBytes} UTF-8 bytes; check it with PasswordRules first.", parameterName);
        }
    }

    private static PasswordEngineOptions OptionsOf(int cost, int lowestCost, IReadOnlyList<IForeignPasswordScheme> foreignSchemes)
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

    private static IForeignPasswordScheme[] Copy(IEnumerable<IForeignPasswordScheme>? foreignSchemes)
    {
        IForeignPasswordScheme[] copy = [.. foreignSchemes ?? []];
        return !copy.Contains(null) ? copy : throw new ArgumentException("A scheme is null.", nameof(foreignSchemes));
    }

    private void Run(IEnumerator<BcryptRequest?> steps)
    {
        using var lane = new BcryptLanes(1);
        using (steps)
        {
            while (steps.MoveNext())
            {
                // Null: the next step computes for itself, and here there is nobody to make room for.
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
