namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>A mail of the outbox.</summary>
internal class MailRow
{
    public virtual Guid Id { get; set; }

    public required virtual string Kind { get; set; }

    public virtual string? UserId { get; set; }

    public virtual string? Address { get; set; }

    public virtual string? Culture { get; set; }

    public virtual string? Network { get; set; }

    public virtual string? Device { get; set; }

    public virtual long CreatedAt { get; set; }

    /// <summary>When the next attempt is due.</summary>
    public virtual long DueAt { get; set; }

    public virtual int Attempts { get; set; }

    /// <summary>The token of the link, encrypted under the master key, until the mail is sent.</summary>
    public virtual byte[]? SealedToken { get; set; }

    /// <summary>The one waiting mail with this key; null if there may be several, or if the mail is done.</summary>
    public virtual string? WaitingKey { get; set; }

    public virtual string? LastError { get; set; }

    /// <summary>When the mail was sent or given up; null while it waits.</summary>
    public virtual long? DoneAt { get; set; }

    public virtual int? Outcome { get; set; }
}
