namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The token of a link in a mail.</summary>
internal class MailTokenRow
{
    public required virtual string UserId { get; set; }

    public required virtual string Purpose { get; set; }

    /// <summary>The SHA-256 of the token.</summary>
    public required virtual byte[] TokenHash { get; set; }

    public required virtual string Address { get; set; }

    /// <summary>The hash of the account's security stamp when the token was made.</summary>
    public required virtual byte[] Stamp { get; set; }

    public virtual long ExpiresAt { get; set; }

    public virtual long? UsedAt { get; set; }

    /// <summary>How many wrong passwords came with the token.</summary>
    public virtual int Failures { get; set; }
}
