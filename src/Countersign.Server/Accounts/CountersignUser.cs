using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Accounts;

/// <summary>An account of the server. Its id is a UUID of version 7, made when the account is first saved.</summary>
internal sealed class CountersignUser : IdentityUser<Guid>
{
    /// <summary>The longest <see cref="DisplayName"/> in UTF-16 units.</summary>
    public const int DisplayNameLength = 128;

    /// <summary>The name by which the user wants to be called; null if none was given.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Whether the account may be used. When an account is deactivated, its sessions end at once.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>When the account was made, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until when an initial password may be used, in UTC; null if the user has chosen the password.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; set; }
}
