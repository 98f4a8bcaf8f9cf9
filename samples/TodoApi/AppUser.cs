using Microsoft.AspNetCore.Identity;

namespace TodoApi;

/// <summary>The app's own user. Add whatever columns it needs.</summary>
public sealed class AppUser : IdentityUser;
