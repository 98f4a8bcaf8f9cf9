using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>The user type of an app that existed before it added Countersign.</summary>
public sealed class GuestUser : IdentityUser
{
    /// <summary>A column of the app's own, NOT NULL and without a default in the database.</summary>
    public string Company { get; set; } = "none";

    /// <summary>Until when an initial password may be used, in an app that hands some out.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; set; }
}
