using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace CountersignApi;

/// <summary>The database: the tables of Identity, of Countersign and of the API.</summary>
public sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<AppUser>(options)
{
    public DbSet<Todo> Todos => Set<Todo>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseCountersign();
        builder.Entity<Todo>(todo =>
        {
            todo.Property(t => t.Title).HasMaxLength(Todo.MaxTitleLength);
            todo.HasOne<AppUser>().WithMany().HasForeignKey(t => t.OwnerId);   // with the account its list is deleted
        });
    }
}
