using Countersign.Server.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Database;

/// <summary>
/// The server's tables: Identity's accounts and Countersign's sessions, keys and feed. Each kind of database has a separate context with its migrations.
/// </summary>
internal abstract class ServerDbContext(DbContextOptions options) : IdentityDbContext<CountersignUser, IdentityRole<Guid>, Guid>(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<CountersignUser>(user =>
        {
            user.Property(u => u.Id).HasValueGenerator<UuidV7Generator>();

            // Identity checks whether an address is taken only before it writes. If two requests check at once, only the index stops the second.
            user.HasIndex(u => u.NormalizedEmail).HasDatabaseName("EmailIndex").IsUnique();
            user.Property(u => u.DisplayName).HasMaxLength(CountersignUser.DisplayNameLength);

            // Ticks on every database: SQLite stores DateTimeOffset as text, which can't be compared.
            user.Property(u => u.CreatedAt)
                .HasConversion(at => at.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero))
                .HasValueGenerator<CreationTimeGenerator>()
                .ValueGeneratedOnAdd();
            user.Property(u => u.PasswordExpiresAt)
                .HasConversion(at => at!.Value.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
        });
        builder.Entity<IdentityRole<Guid>>().Property(role => role.Id).HasValueGenerator<UuidV7Generator>();
        builder.UseCountersign();
    }
}
