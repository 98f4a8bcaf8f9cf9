using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>The user type of the app under test, for each key type.</summary>
public class AppUser<TKey> : IdentityUser<TKey>
    where TKey : IEquatable<TKey>
{
    public string? DisplayName { get; set; }

    public bool IsDisabled { get; set; }

    public DateTimeOffset JoinedAt { get; set; }
}

public class AppUser : AppUser<string>
{
    public AppUser()
    {
        Id = Guid.CreateVersion7().ToString();
        SecurityStamp = Guid.CreateVersion7().ToString();
    }
}

public class GuidUser : AppUser<Guid>;

public class NumberUser : AppUser<int>;
