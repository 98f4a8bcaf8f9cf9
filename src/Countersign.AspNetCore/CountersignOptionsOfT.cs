namespace Countersign.AspNetCore;

/// <summary>All settings of Countersign, with those that describe the app's user type.</summary>
/// <typeparam name="TUser">The app's user type.</typeparam>
public sealed class CountersignOptions<TUser> : CountersignOptions
    where TUser : class
{
    /// <summary>Describes the app's user type: <c>options.Users.IsActive = user => user.IsActive</c>. Only code can set expressions.</summary>
    public CountersignUserOptions<TUser> Users { get; } = new();

    internal override CountersignUserOptions UserOptions => Users;
}
