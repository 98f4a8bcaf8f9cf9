using Countersign.Server.Accounts;
using Microsoft.EntityFrameworkCore;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Countersign.Server.Database;

/// <summary>The tables on PostgreSQL.</summary>
internal sealed class PostgreSqlServerDbContext(DbContextOptions<PostgreSqlServerDbContext> options) : ServerDbContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // The provider treats every generated number as part of a sequence. This number is an instant.
        builder.Entity<CountersignUser>().Property(user => user.CreatedAt).Metadata.SetValueGenerationStrategy(NpgsqlValueGenerationStrategy.None);
    }
}
