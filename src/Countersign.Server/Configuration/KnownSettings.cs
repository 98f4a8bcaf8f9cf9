using System.Globalization;
using Countersign.AspNetCore;

namespace Countersign.Server.Configuration;

/// <summary>Every key that the section <c>Auth</c> may hold. A key that is not here stops the start: a misspelt setting must not be ignored.</summary>
internal static class KnownSettings
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Auth";

    private static readonly Setting[] Table =
    [
        Setting.Text("Auth:Issuer"),
        Setting.Text("Auth:Audience"),
        Setting.Text("Auth:ClientId"),
        Setting.Text("Auth:Algorithm"),
        Setting.Text("Auth:ApiPrefix"),
        Setting.Choice("Auth:Registration", nameof(Registration.Closed), nameof(Registration.Open)),
        Setting.Text("Auth:SecretKey"),
        Setting.Text("Auth:PreviousSecretKey"),
        Setting.Flag("Auth:UnsafeSecretKey"),
        Setting.Choice("Auth:Mode", "OwnKeys", "SharedSecret"),
        Setting.Integer("Auth:VerifiedTokenEntries", 0, 1_000_000),
        Setting.Integer("Auth:VerifiedTokenBytes", 64 * 1024, 1024 * 1024 * 1024),
        Setting.Text("Auth:MasterKey"),
        Setting.Text("Auth:PreviousMasterKey"),
        Setting.Text("Auth:MasterKeyFile"),
        Setting.Duration("Auth:Keys:Period", TimeSpan.FromHours(1), TimeSpan.FromDays(3650)),
        Setting.Duration("Auth:Keys:Lead", TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
        Setting.Text("Auth:DataDirectory"),
        Setting.Flag("Auth:Docs"),
        Setting.TextList("Auth:AllowedOrigins"),
        Setting.TextList("Auth:TrustedProxies"),
        Setting.Duration("Auth:Hsts", TimeSpan.Zero, TimeSpan.FromDays(730)),
        Setting.Duration("Auth:Sessions:AccessTokenLifetime", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60)),
        Setting.Duration("Auth:Sessions:IdleLifetime", TimeSpan.FromMinutes(5), TimeSpan.FromDays(365)),
        Setting.Duration("Auth:Sessions:AbsoluteLifetime", TimeSpan.FromMinutes(5), TimeSpan.FromDays(3650)),
        Setting.Integer("Auth:Sessions:MaxPerUser", 1, 1000),
        Setting.Choice("Auth:Sessions:WhenStale", "Accept", "Refuse"),
        Setting.Duration("Auth:Refresh:Grace", TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        Setting.Duration("Auth:Refresh:LostAnswerWindow", TimeSpan.Zero, TimeSpan.FromDays(7)),
        Setting.Choice("Auth:Refresh:AfterRestore", "Refuse", "Accept"),
        Setting.Instant("Auth:Refresh:RestorePoint"),
        Setting.Instant("Auth:Refresh:AcceptUntil"),
        Setting.Duration("Auth:Cleanup:SessionRetention", TimeSpan.Zero, TimeSpan.FromDays(365)),
        Setting.DurationOrZero("Auth:Cleanup:EventRetention", TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
        Setting.Integer("Auth:Guessing:FreeAttempts", 1, 100),
        Setting.Duration("Auth:Guessing:FirstBlock", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        Setting.Duration("Auth:Guessing:LongestBlock", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        Setting.Integer("Auth:Guessing:StrangerAttempts", 1, 100),
        Setting.Duration("Auth:Guessing:StrangerInterval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        Setting.Integer("Auth:Guessing:PerNetworkPerMinute", 1, 100_000),
        Setting.Integer("Auth:Limits:RegistrationsPerNetworkPerMinute", 1, 100_000),
        Setting.Integer("Auth:Limits:RefreshesPerNetworkPerMinute", 1, 10_000_000),
        Setting.Integer("Auth:Limits:ClientFailuresPerNetworkPerMinute", 1, 100_000),
        Setting.Integer("Auth:Limits:ClientFailuresPerClientPerMinute", 1, 100_000),
        Setting.Integer("Auth:Limits:AccountRequestsPerSessionPerMinute", 1, 100_000),
        Setting.Choice("Auth:Passwords:Format", "Bcrypt", "Identity"),
        Setting.Integer("Auth:Passwords:IdentityIterations", 10_000, 10_000_000),
        Setting.Integer("Auth:Passwords:Cost", 10, 16),
        Setting.Integer("Auth:Passwords:MaxStoredCost", 10, 20),
        Setting.Integer("Auth:Passwords:Workers", 0, 256),
        Setting.Duration("Auth:Passwords:QueueLimit", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        Setting.Duration("Auth:Passwords:Deadline", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        Setting.Number("Auth:Passwords:NetworkShare", 0.01, 1),
        Setting.Integer("Auth:Passwords:PerAccount", 1, 100),
        Setting.Integer("Auth:PasswordRules:MinimumLength", 8, 64),
        Setting.Integer("Auth:PasswordRules:MaxBytes", 256, 4096),
        Setting.TextList("Auth:PasswordRules:ContextWords"),
        Setting.Text("Auth:Clients:#:Id"),
        Setting.Text("Auth:Clients:#:SecretHash"),
        Setting.Text("Auth:Clients:#:PreviousSecretHash"),
        Setting.TextList("Auth:Clients:#:Audiences"),
    ];

    private static readonly Dictionary<string, Setting> ByPattern = Table.ToDictionary(setting => setting.Pattern, StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings, in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> All => Table;

    /// <summary>
    /// Finds a setting; keys ignore case, as configuration does. <c>Key:0</c>, <c>Key:1</c>, … are the members of a list, and each of them can have settings of
    /// its own. A list has no value of its own: it would be ignored.
    /// </summary>
    /// <returns>Null if there is none; also for a key with the table's own sign for an index.</returns>
    public static Setting? Find(string key) => key.Contains('#', StringComparison.Ordinal) ? null : ByPattern.GetValueOrDefault(PatternOf(key));

    /// <summary>The known key that is spelt most like one that is not known.</summary>
    public static string Nearest(string key)
    {
        var pattern = PatternOf(key);
        var parent = Parent(pattern);

        // What stands under a member of a list can only mean another setting of that member. Otherwise the last part decides between keys as far away:
        // "Auth:IdleLifetime" means "Auth:Sessions:IdleLifetime".
        var siblings = Table.Where(setting => parent.Contains('#', StringComparison.Ordinal) && string.Equals(Parent(setting.Pattern), parent, StringComparison.OrdinalIgnoreCase)).ToList();
        var nearest = (siblings.Count > 0 ? siblings : [.. Table]).MinBy(setting =>
            (Math.Min(Distance(setting.Pattern, pattern), Distance(Leaf(setting.Key), Leaf(pattern))), Distance(setting.Pattern, pattern)))!;
        return nearest.ToString(key.Split(':').Where(IsIndex));
    }

    /// <summary>Reads the index of a member of a list.</summary>
    public static bool TryReadIndex(string part, out int index) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    private static bool IsIndex(string part) => TryReadIndex(part, out _);

    private static string PatternOf(string key) => string.Join(':', key.Split(':').Select(static part => IsIndex(part) ? "#" : part));

    private static string Parent(string key) => key[..Math.Max(0, key.LastIndexOf(':'))];

    private static string Leaf(string key) => key[(key.LastIndexOf(':') + 1)..];

    /// <summary>Levenshtein's distance, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var same = char.ToUpperInvariant(left[line - 1]) == char.ToUpperInvariant(right[column - 1]);
                var substituted = diagonal + (same ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(substituted, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
