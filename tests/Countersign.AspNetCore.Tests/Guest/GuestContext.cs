using Countersign.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>The app's database. Countersign's tables are there from the beginning, so that both apps can share one file.</summary>
public sealed class GuestContext(DbContextOptions<GuestContext> options) : IdentityDbContext<GuestUser>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseCountersign();
    }
}
