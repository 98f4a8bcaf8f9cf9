using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Accounts;

/// <summary>An account of the server. Its id is a UUID v7, made when the account is first saved.</summary>
internal sealed class CountersignUser : IdentityUser<Guid>
{
    /// <summary>The longest <see cref="DisplayName"/> in UTF-16 units.</summary>
    public const int DisplayNameLength = 128;

    /// <summary>What the person wants to be called; null if nothing was said.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Whether the account may be used. The sessions of an account that is deactivated end at once.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>When the account was made, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until when an initial password may be used, in UTC; null for a password that the person has chosen.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; set; }
}
