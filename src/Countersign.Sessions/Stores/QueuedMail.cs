namespace Countersign.Sessions.Stores;

/// <summary>A mail that waits in the outbox.</summary>
internal sealed record QueuedMail
{
    /// <summary>UUID v7. It stays the same in every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>The kind: a stable name in snake case, such as <c>reset_password</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The account; null if only the address is known, because the request must not look it up.</summary>
    public string? UserId { get; init; }

    /// <summary>The address that was asked for, or that the mail must go to although it is no longer the account's; null for the account's own.</summary>
    public string? Address { get; init; }

    /// <summary>The name of the preferred language; null if none is known.</summary>
    public string? Culture { get; init; }

    /// <summary>The network that the request came from; null if it is not known.</summary>
    public string? Network { get; init; }

    /// <summary>What the request came from, in words; null if it is not known.</summary>
    public string? Device { get; init; }

    /// <summary>When the request was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next attempt is due.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How many attempts have begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The encrypted token of the link; null before the first attempt, and for a mail without a token.</summary>
    public ReadOnlyMemory<byte>? SealedToken { get; init; }

    /// <summary>Why the last attempt failed, for an operator; null if none has failed.</summary>
    public string? LastError { get; init; }

    /// <summary>Returns the id and the kind, because the address is personal.</summary>
    public override string ToString() => $"QueuedMail {Kind} {Id:D}";
}

/// <summary>What became of a mail.</summary>
internal enum MailOutcome
{
    /// <summary>It was handed over to the sender.</summary>
    Sent = 1,

    /// <summary>The receiving side has refused it for good.</summary>
    Rejected,

    /// <summary>It could not be sent for a day.</summary>
    Expired,

    /// <summary>The account had too many mails of this kind, or does not get this mail.</summary>
    Dropped,
}
