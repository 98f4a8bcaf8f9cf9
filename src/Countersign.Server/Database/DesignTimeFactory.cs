using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Countersign.Server.Database;

/// <summary>Makes contexts for the migration tool, without a server or a database. See <c>eng/migrations</c>.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteServerDbContext>, IDesignTimeDbContextFactory<PostgreSqlServerDbContext>
{
    SqliteServerDbContext IDesignTimeDbContextFactory<SqliteServerDbContext>.CreateDbContext(string[] args) =>
        new(Options<SqliteServerDbContext>().UseSqlite("Data Source=design-time.db").Options);

    PostgreSqlServerDbContext IDesignTimeDbContextFactory<PostgreSqlServerDbContext>.CreateDbContext(string[] args) =>
        new(Options<PostgreSqlServerDbContext>().UseNpgsql("Host=localhost;Database=design-time").Options);

    private static DbContextOptionsBuilder<TContext> Options<TContext>()
        where TContext : DbContext
    {
        var services = new ServiceCollection().Configure<IdentityOptions>(IdentitySchema.Configure).BuildServiceProvider();
        return new DbContextOptionsBuilder<TContext>().UseApplicationServiceProvider(services);
    }
}
