using Countersign.Server.Accounts;
using Countersign.Server.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Database;

public sealed class DatabaseMigratorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.File("data/countersign.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task MigrateAsync_NewDatabase_MakesEveryTableAndNothingIsLeftToDo()
    {
        using var host = ServerDatabase.CreateHost(_directory.Path);

        Assert.NotEmpty(await ServerDatabase.MigrateAsync(host));
        Assert.Empty(await ServerDatabase.MigrateAsync(host));

        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ServerDbContext>();

        // The model that runs is the model that the migrations lead to: Identity's options take part in it.
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Equal(1, await Sqlite.CountAsync(File, "SELECT count(*) FROM sqlite_master WHERE name = 'AspNetUserPasskeys'"));
        Assert.Equal(1, await Sqlite.CountAsync(File, "SELECT count(*) FROM sqlite_master WHERE name = 'countersign_sessions'"));
    }

    [Fact]
    public async Task MigrateAsync_RowOfAKilledProcess_IsClearedAndTheMigrationGoesOn()
    {
        using var host = ServerDatabase.CreateHost(_directory.Path);
        Directory.CreateDirectory(_directory.File("data"));
        await Sqlite.ExecuteAsync(
            File,
            """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
            """);

        Assert.NotEmpty(await ServerDatabase.MigrateAsync(host).WaitAsync(Patience.Limit));

        Assert.Equal(0, await Sqlite.CountAsync(File, """SELECT count(*) FROM "__EFMigrationsLock" """));
    }

    [Fact]
    public async Task MigrateAsync_WrittenByANewerVersion_IsRefused()
    {
        using var host = ServerDatabase.CreateHost(_directory.Path);
        await ServerDatabase.MigrateAsync(host);
        await Sqlite.ExecuteAsync(File, """INSERT INTO "__EFMigrationsHistory" VALUES ('99990101000000_FromTheFuture', '99.0.0')""");

        var refused = await Assert.ThrowsAsync<NewerDatabaseException>(() => ServerDatabase.MigrateAsync(host));

        Assert.Contains("99990101000000_FromTheFuture", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaveChanges_NewAccount_HasAnIdThatSortsByTimeAndItsDate()
    {
        using var host = ServerDatabase.CreateHost(_directory.Path);
        await ServerDatabase.MigrateAsync(host);
        var before = TimeProvider.System.GetUtcNow();
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ServerDbContext>();
        var user = new CountersignUser { UserName = "ada" };

        context.Users.Add(user);
        await context.SaveChangesAsync();
        context.ChangeTracker.Clear();

        var stored = await context.Users.SingleAsync();
        Assert.Equal(7, stored.Id.Version);
        Assert.True(stored.IsActive);
        Assert.InRange(stored.CreatedAt, before, TimeProvider.System.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, stored.CreatedAt.Offset);
    }

    [Fact]
    public async Task SaveChanges_AddressOfAnotherAccount_IsRefusedByTheDatabase()
    {
        using var host = ServerDatabase.CreateHost(_directory.Path);
        await ServerDatabase.MigrateAsync(host);
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ServerDbContext>();
        context.Users.Add(new CountersignUser { UserName = "ada", NormalizedUserName = "ADA", NormalizedEmail = "ADA@EXAMPLE.COM" });
        context.Users.Add(new CountersignUser { UserName = "no address", NormalizedUserName = "NO ADDRESS" });
        context.Users.Add(new CountersignUser { UserName = "none either", NormalizedUserName = "NONE EITHER" });
        await context.SaveChangesAsync();

        context.Users.Add(new CountersignUser { UserName = "bob", NormalizedUserName = "BOB", NormalizedEmail = "ADA@EXAMPLE.COM" });

        await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync());
    }
}
