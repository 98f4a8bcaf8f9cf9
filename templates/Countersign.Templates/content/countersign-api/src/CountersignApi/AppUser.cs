using Microsoft.AspNetCore.Identity;

namespace CountersignApi;

/// <summary>An account. Add the columns that the API needs.</summary>
public sealed class AppUser : IdentityUser;
