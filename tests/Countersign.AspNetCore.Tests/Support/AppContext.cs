using Countersign.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AspNetCore.Tests.Support;

public sealed class AppContext<TUser, TKey>(DbContextOptions<AppContext<TUser, TKey>> options) : IdentityDbContext<TUser, IdentityRole<TKey>, TKey>(options)
    where TUser : IdentityUser<TKey>
    where TKey : IEquatable<TKey>
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseCountersign();
    }
}
