namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One session. Instants are UTC ticks on every provider, because not every provider can compare a <see cref="DateTimeOffset"/>.</summary>
internal class SessionRow
{
    public virtual Guid Id { get; set; }

    public required virtual string UserId { get; set; }

    public virtual int Generation { get; set; }

    public virtual int? Parent { get; set; }

    public required virtual byte[] Salt { get; set; }

    public required virtual string KeyId { get; set; }

    public required virtual byte[] Stamp { get; set; }

    public virtual long CreatedAt { get; set; }

    public virtual long? RefreshedAt { get; set; }

    public virtual long IdleExpiresAt { get; set; }

    public virtual long ExpiresAt { get; set; }

    public virtual long? RevokedAt { get; set; }

    public virtual int? RevokedReason { get; set; }

    public virtual long AuthenticatedAt { get; set; }

    /// <summary>Values of RFC 8176, separated by spaces.</summary>
    public required virtual string Methods { get; set; }

    public virtual string? UserAgent { get; set; }

    public virtual string? IpAddress { get; set; }

    public virtual string? Label { get; set; }

    /// <summary>
    /// The clean-up does not check the row before this instant. It is never later than the idle expiry, and earlier if the session was refreshed since.
    /// </summary>
    public virtual long CleanupAt { get; set; }
}
