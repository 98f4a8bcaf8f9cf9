using System.Security.Cryptography;
using System.Text;

namespace Countersign.Sessions.Accounts;

/// <summary>What a refresh must know of an account, read in one look.</summary>
internal sealed class AccountFacts
{
    /// <summary>
    /// A lockout of Identity's that lasts longer from now is a ban, which is how apps lock people out for good: the account is inactive. A shorter one bars new
    /// logins and touches no session.
    /// </summary>
    /// <remarks>
    /// Where the app's own lockout after wrong passwords is longer, that is no ban either: strangers could end an account's sessions with it.
    /// </remarks>
    public static readonly TimeSpan LongestLockout = TimeSpan.FromDays(1);

    /// <summary>The app sets a lockout by its own clock, which may differ from the session clock.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(1);

    /// <summary>The account's id, ordinally equal to the <c>sub</c> that was asked for.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether the account may be used.</summary>
    public required bool IsActive { get; init; }

    /// <summary>16 bytes of SHA-256 over the security stamp, see <see cref="HashStamp"/>.</summary>
    public required ReadOnlyMemory<byte> Stamp { get; init; }

    /// <summary>The account's e-mail address; null if it has none.</summary>
    public string? Email { get; init; }

    /// <summary>The names of the account's roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether Identity's lockout is a ban.</summary>
    /// <param name="lockedUntil">When it ends; null if the account is not locked, or can't be.</param>
    /// <param name="now">The instant asked about.</param>
    /// <param name="lockoutTime">How long the app locks an account after wrong passwords.</param>
    public static bool IsBan(DateTimeOffset? lockedUntil, DateTimeOffset now, TimeSpan lockoutTime) =>
        lockedUntil - now is { } left && left > LongestLockout && left - ClockMargin > lockoutTime;

    /// <summary>The form in which a session remembers a security stamp: enough to notice a change, useless to anybody who reads the row.</summary>
    /// <param name="securityStamp">Identity's security stamp; null counts as empty.</param>
    public static byte[] HashStamp(string? securityStamp) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(securityStamp ?? string.Empty))[..Session.StampBytes];
}

/// <summary>Whether a session may be started for an account, whatever credential it has shown.</summary>
internal sealed class AccountStanding
{
    /// <summary>What tokens say of the account.</summary>
    public required AccountFacts Facts { get; init; }

    /// <summary>Why no session may be started; null if one may.</summary>
    public SessionStartError? Error { get; init; }

    /// <summary>
    /// Until when the account's password may be used, and a session that began with it may live; null for a password that the person has chosen.
    /// </summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>Whether a login must show a second factor.</summary>
    public bool RequiresSecondFactor { get; init; }
}
