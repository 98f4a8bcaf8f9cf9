using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Tokens;

namespace Countersign.Sessions.Accounts;

/// <summary>The facts about an account that a refresh needs. They are read together.</summary>
internal sealed class AccountFacts
{
    /// <summary>
    /// An Identity lockout that ends later than this from now is a ban, because apps ban people with a lockout without end. Then the account is inactive. A
    /// shorter lockout prevents new logins and does not change sessions.
    /// </summary>
    /// <remarks>
    /// If the app's own lockout after wrong passwords is longer, that is not a ban either. Otherwise strangers could end an account's sessions with wrong
    /// passwords.
    /// </remarks>
    public static readonly TimeSpan LongestLockout = TimeSpan.FromDays(1);

    /// <summary>The app sets a lockout by its own clock, which can differ from the session clock.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(1);

    /// <summary>The account's id; its text equals the requested <c>sub</c> exactly.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether the account may be used.</summary>
    public required bool IsActive { get; init; }

    /// <summary>16 bytes of SHA-256 over the security stamp, see <see cref="HashStamp"/>.</summary>
    public required ReadOnlyMemory<byte> Stamp { get; init; }

    /// <summary>The account's e-mail address; null if it has none.</summary>
    public string? Email { get; init; }

    /// <summary>The names of the account's roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The further claims of its access tokens, each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, ClaimValue>> Claims { get; init; } = [];

    /// <summary>Writes the roles and the further claims as one text, for a comparison. Their order does not count.</summary>
    public string WriteClaims()
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartArray();
            foreach (var role in Roles.Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(role);
            }

            json.WriteStartObject();
            foreach (var (name, value) in Claims.OrderBy(static claim => claim.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    /// <summary>Whether Identity's lockout is a ban.</summary>
    /// <param name="lockedUntil">When the lockout ends; null if the account is not locked or can't be.</param>
    /// <param name="now">The time for which the question is asked.</param>
    /// <param name="lockoutTime">How long the app locks an account after wrong passwords.</param>
    public static bool IsBan(DateTimeOffset? lockedUntil, DateTimeOffset now, TimeSpan lockoutTime) =>
        lockedUntil - now is { } left && left > LongestLockout && left - ClockMargin > lockoutTime;

    /// <summary>The form in which a session stores a security stamp. It shows a change, and it is useless to a reader of the row.</summary>
    /// <param name="securityStamp">Identity's security stamp; null counts as empty.</param>
    public static byte[] HashStamp(string? securityStamp) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(securityStamp ?? string.Empty))[..Session.StampBytes];
}

/// <summary>Whether a session may be started for an account, with any credential.</summary>
internal sealed class AccountStanding
{
    /// <summary>The facts about the account for its tokens.</summary>
    public required AccountFacts Facts { get; init; }

    /// <summary>Why no session may be started; null if one may.</summary>
    public SessionStartError? Error { get; init; }

    /// <summary>
    /// When the account's initial password expires, and with it a session that began with it. Null for a password that the person has chosen.
    /// </summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>Whether a login must show a second factor.</summary>
    public bool RequiresSecondFactor { get; init; }
}
