namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>One session. Instants are UTC ticks on every provider, because not every provider can compare a <see cref="DateTimeOffset"/>.</summary>
internal sealed class SessionRow
{
    public Guid Id { get; set; }

    public required string UserId { get; set; }

    public int Generation { get; set; }

    public int? Parent { get; set; }

    public required byte[] Salt { get; set; }

    public required string KeyId { get; set; }

    public required byte[] Stamp { get; set; }

    public long CreatedAt { get; set; }

    public long? RefreshedAt { get; set; }

    public long IdleExpiresAt { get; set; }

    public long ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }

    public int? RevokedReason { get; set; }

    public long AuthenticatedAt { get; set; }

    /// <summary>Values of RFC 8176, separated by spaces.</summary>
    public required string Methods { get; set; }

    public string? UserAgent { get; set; }

    public string? IpAddress { get; set; }

    public string? Label { get; set; }

    /// <summary>
    /// The clean-up does not check the row before this instant. It is never later than the idle expiry, and earlier if the session was refreshed since.
    /// </summary>
    public long CleanupAt { get; set; }
}
