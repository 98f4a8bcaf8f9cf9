namespace Countersign.Sessions.Stores;

/// <summary>Keeps the tokens of links in mails: one for each account and purpose, as a hash.</summary>
internal interface IMailTokenStore
{
    /// <summary>
    /// Keeps a token in place of the earlier one of the same account and purpose, and the same token in its encrypted form with the mail, in one transaction.
    /// </summary>
    /// <returns>False if the mail is done already. Then nothing was kept.</returns>
    Task<bool> IssueAsync(Guid mailId, MailToken token, ReadOnlyMemory<byte> sealedToken, CancellationToken cancellationToken);

    /// <summary>Moves the expiry of a token, because its mail is sent again.</summary>
    /// <returns>False if a newer token has replaced it, or it was used.</returns>
    Task<bool> ProlongAsync(ReadOnlyMemory<byte> hash, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Finds a token.</summary>
    /// <returns>Null if there is none with this hash.</returns>
    Task<MailToken?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Uses a token up, in one statement: of simultaneous uses one succeeds.</summary>
    /// <returns>False if it is unknown, used or expired.</returns>
    Task<bool> UseAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes a token usable again, because what it was used for did not happen.</summary>
    Task ReturnAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Counts a wrong password that came with a token, before it is compared. The last one that is allowed uses the token up.</summary>
    /// <param name="hash">The token.</param>
    /// <param name="most">How many wrong passwords a token allows.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the token is unknown, used or expired.</returns>
    Task<bool> CountAsync(ReadOnlyMemory<byte> hash, int most, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives back a password that was counted and not compared.</summary>
    Task UncountAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Deletes the token of an account and a purpose.</summary>
    Task RemoveAsync(string userId, string purpose, CancellationToken cancellationToken);
}

/// <summary>The token of a link in a mail.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Purpose">What it is for: a stable name in snake case, such as <c>reset_password</c>.</param>
/// <param name="Hash">The SHA-256 of the token.</param>
/// <param name="Address">The address that the mail went to, in the one spelling that stands for all.</param>
/// <param name="Stamp">The hash of the account's security stamp when the token was made.</param>
/// <param name="ExpiresAt">From when on it can't be used.</param>
/// <param name="UsedAt">When it was used up; null if it was not.</param>
internal sealed record MailToken(
    string UserId, string Purpose, ReadOnlyMemory<byte> Hash, string Address, ReadOnlyMemory<byte> Stamp, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
{
    /// <summary>Returns the account and the purpose.</summary>
    public override string ToString() => $"MailToken {Purpose} {UserId}";
}
