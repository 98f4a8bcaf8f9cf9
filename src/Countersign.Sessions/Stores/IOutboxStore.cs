namespace Countersign.Sessions.Stores;

/// <summary>Keeps mails until they are sent. A mail that is done keeps its account, kind and time, for the limits, and loses everything else.</summary>
internal interface IOutboxStore
{
    /// <summary>Adds a mail, in one statement.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="key">At most 64 characters: while a mail with this key waits, no other with it is added. Null for a mail that is always added.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if a mail with this key waits already.</returns>
    Task<bool> AddAsync(QueuedMail mail, string? key, CancellationToken cancellationToken);

    /// <summary>Reads the mails whose attempt is due, the oldest first.</summary>
    Task<IReadOnlyList<QueuedMail>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Begins an attempt: counts it, and sets when the next one is due if this process dies.</summary>
    /// <returns>False if another process has begun it, or the mail is done.</returns>
    Task<bool> ClaimAsync(QueuedMail mail, DateTimeOffset nextDue, CancellationToken cancellationToken);

    /// <summary>Moves a mail whose attempt was not made to a later time. The attempt does not count.</summary>
    Task PostponeAsync(Guid id, DateTimeOffset due, CancellationToken cancellationToken);

    /// <summary>Notes why an attempt has failed.</summary>
    /// <param name="id">The mail.</param>
    /// <param name="error">For an operator, without an address and a token. Longer text is cut at 256 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task FailAsync(Guid id, string error, CancellationToken cancellationToken);

    /// <summary>Ends a mail. Its address, device, network and token are deleted.</summary>
    /// <param name="id">The mail.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="account">The account that it counts against, and the kind of mail that was made of it. Null for none: then the row is deleted.</param>
    /// <param name="now">The current time.</param>
    /// <param name="error">Why it was not sent; null if it was.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task CloseAsync(
        Guid id, MailOutcome outcome, (string UserId, string Kind)? account, DateTimeOffset now, string? error, CancellationToken cancellationToken);

    /// <summary>Reads when mails of a kind were sent to an account, the latest first.</summary>
    Task<IReadOnlyList<DateTimeOffset>> FindSentAsync(string userId, string kind, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Makes a mail due now that was written before what it tells was certain.</summary>
    Task ReleaseAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes mails due now: one, or all that wait.</summary>
    /// <returns>How many.</returns>
    Task<int> RetryAsync(Guid? id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Reads the mails that wait, the oldest first.</summary>
    Task<IReadOnlyList<QueuedMail>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Reads how long the queue is waiting.</summary>
    /// <returns>When the oldest mail was written, and when the next attempt is due; null if none waits.</returns>
    Task<(DateTimeOffset Oldest, DateTimeOffset NextDue)?> FindQueueAsync(CancellationToken cancellationToken);
}
