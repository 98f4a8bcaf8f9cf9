namespace Countersign.AspNetCore;

/// <summary>All settings of Countersign, and what it should know of the app's user type.</summary>
/// <typeparam name="TUser">The app's user type.</typeparam>
public sealed class CountersignOptions<TUser> : CountersignOptions
    where TUser : class
{
    /// <summary>What Countersign should know of the app's user type. Code alone sets it: <c>options.Users.IsActive = user => user.IsActive</c>.</summary>
    public CountersignUserOptions<TUser> Users { get; } = new();
}
