using System.Linq.Expressions;
using Countersign.EntityFrameworkCore;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>Which expressions for an active account the writer's transaction reads, by the app's own model.</summary>
public sealed class AccountQueriesTests
{
    [Fact]
    public async Task Find_ColumnsOfTheAccount_Joins()
    {
        Assert.True(await CanJoinAsync(static _ => true));
        Assert.True(await CanJoinAsync(static user => user.IsActive && user.LockoutEnd == null));
        Assert.True(await CanJoinAsync(static user => user.Plan.Level >= 3));
    }

    /// <summary>One document that says "high" where a number is asked for would fail all that are read with it.</summary>
    [Fact]
    public async Task Find_PartOfADocument_DoesNot() => Assert.False(await CanJoinAsync(static user => user.Settings.Level >= 3));

    private static async Task<bool> CanJoinAsync(Expression<Func<User, bool>> isActive)
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var services = new ServiceCollection();
        services.AddDbContext<UserContext>(options => options.UseSqlite(connection));
        new CountersignBuilder(services, typeof(User)).AddEntityFrameworkStores<UserContext>();
        await using var provider = services.BuildServiceProvider();
        await using (var scope = provider.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<UserContext>().Database.EnsureCreatedAsync();
        }

        var query = await provider.GetRequiredService<IAccountQueries>().FindAsync(typeof(UserContext), typeof(User), typeof(string), isActive);
        return query!.CanJoin;
    }

    private sealed class User : IdentityUser
    {
        public bool IsActive { get; set; }

        public Plan Plan { get; set; } = new();

        public Settings Settings { get; set; } = new();
    }

    private sealed class Plan
    {
        public int Level { get; set; }
    }

    private sealed class Settings
    {
        public int Level { get; set; }
    }

    private sealed class UserContext(DbContextOptions<UserContext> options) : IdentityDbContext<User>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
            builder.Entity<User>().OwnsOne(static user => user.Plan);
            builder.Entity<User>().OwnsOne(static user => user.Settings, static settings => settings.ToJson());
        }
    }
}
