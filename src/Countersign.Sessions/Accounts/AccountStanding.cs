namespace Countersign.Sessions.Accounts;

/// <summary>Whether a session may be started for an account, whatever credential it has shown.</summary>
internal sealed class AccountStanding
{
    /// <summary>What tokens say of the account.</summary>
    public required AccountFacts Facts { get; init; }

    /// <summary>Why no session may be started; null if one may.</summary>
    public SessionStartError? Error { get; init; }

    /// <summary>Until when the account's password may be used, and a session that began with it may live; null for a password that the person has chosen.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>Whether a login must show a second factor.</summary>
    public bool RequiresSecondFactor { get; init; }
}
