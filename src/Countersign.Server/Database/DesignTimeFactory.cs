using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Countersign.Server.Database;

/// <summary>
/// Gives the migration tool a context without starting a server:
/// <c>dotnet ef migrations add Name --context SqliteServerDbContext --output-dir Migrations/Sqlite</c>.
/// </summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteServerDbContext>
{
    /// <inheritdoc/>
    public SqliteServerDbContext CreateDbContext(string[] args)
    {
        var services = new ServiceCollection().Configure<IdentityOptions>(IdentitySchema.Configure).BuildServiceProvider();
        var options = new DbContextOptionsBuilder<SqliteServerDbContext>().UseSqlite("Data Source=design-time.db").UseApplicationServiceProvider(services);
        return new SqliteServerDbContext(options.Options);
    }
}
