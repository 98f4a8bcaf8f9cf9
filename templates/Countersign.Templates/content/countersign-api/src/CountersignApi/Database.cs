using Microsoft.EntityFrameworkCore;

namespace CountersignApi;

/// <summary>Makes the tables, or brings them up to date, before the API starts.</summary>
internal static class Database
{
    /// <remarks>
    /// While the model still changes every day, migrations are in the way. So before the first one, Development makes the tables of the model as it is. A
    /// database that was made in this way can't be migrated: delete it after <c>dotnet ef migrations add</c>. Elsewhere only migrations make tables.
    /// </remarks>
    public static async Task PrepareDatabaseAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        if (!app.Environment.IsDevelopment() || database.GetMigrations().Any())
        {
            await database.MigrateAsync();
        }
        else
        {
            await database.EnsureCreatedAsync();
        }
    }
}
