using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.StoreSpecification;
using Countersign.TestServer;
using Countersign.Tokens.Revocation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.PostgreSql.Tests.Server;

/// <summary>The account of the connection string has the rights that the documentation gives it, and no others: it may not change tables.</summary>
public sealed class ServingRoleTests : IAsyncLifetime
{
    private readonly string _masterKey = MasterKey.Create();
    private PostgreSqlDatabase _database = null!;
    private ServingRole _role = null!;

    public async ValueTask InitializeAsync()
    {
        _database = PostgreSqlDatabase.Create();
        _role = await ServingRole.CreateAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await (_role?.DisposeAsync() ?? ValueTask.CompletedTask);
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Serve_MigratedByTheOwner_EveryKindOfRequestIsAnswered()
    {
        await MigrateAsync();
        await _role.GrantAsDocumentedAsync();
        await using var server = new PostgreSqlServer(_role.ConnectionString, _masterKey);
        await server.InitializeAsync();

        using var user = await server.LoggedInAsync();
        Assert.Equal(400, (await user.TryLogInAsync(password: "not this one at all")).Status);
        await user.LogInAsync();
        var first = user.RefreshToken;
        await RotateAsync(user);
        await RotateAsync(user);
        Assert.Equal(200, (await user.GetAsync("/auth/sessions", user.AccessToken)).Status);
        Assert.Equal(200, (await user.SendAsync(HttpMethod.Patch, "/users/me", ApiClient.Json(new { display_name = "Ada" }), user.AccessToken)).Status);
        await server.CommandAsync("users", "role", "add", user.Email, "admin");
        Assert.Equal("refresh_token_reused", (await user.RefreshAsync(first)).Text("code"));

        await user.LogInAsync();
        Assert.Equal(204, (await user.PostAsync("/auth/logout", bearer: user.AccessToken)).Status);
        await user.LogInAsync();
        Assert.Equal(204, (await user.PostAsync("/auth/logout-all", bearer: user.AccessToken)).Status);
        await user.LogInAsync();
        var changed = await user.PostAsync(
            "/auth/change-password", new { current_password = user.OwnPassword, new_password = $"other {user.OwnPassword}" }, user.AccessToken);
        Assert.Equal(200, changed.Status);
        Assert.Equal(204, (await user.SendAsync(
            HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = $"other {user.OwnPassword}" }), changed.Text("access_token"))).Status);
    }

    /// <summary>What a server does of itself once in an hour or in months, and what its commands do.</summary>
    [Fact]
    public async Task Stores_MigratedByTheOwner_CleanUpAndChangeKeys()
    {
        await MigrateAsync();
        await _role.GrantAsDocumentedAsync();
        var accounts = new AccountDirectory();
        accounts.Add("ada");
        await using var node = await Node.StartAsync(AddStores, accounts, TimeProvider.System, _masterKey);
        var keys = node.Get<KeyService>();

        var signing = await keys.RotateAsync(KeyUse.AccessToken, force: true);
        Assert.Null(signing.Error);
        Assert.Null((await keys.RotateAsync(KeyUse.RefreshToken, force: true)).Error);
        Assert.Null((await keys.RevokeAsync(signing.SigningKeyId!)).Error);
        Assert.Equal(0, await keys.RewrapAsync());

        await node.LogInAsync("ada");
        Assert.Equal(1, await node.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator));
        await node.LogInAsync("ada");
        Assert.Equal(1, await node.Sessions.RevokeUserAsync("ada", RevocationReason.Administrator));
        await node.LogInAsync("ada");
        await _database.ExecuteAsync(
            "INSERT INTO countersign_sign_in_attempts (subject, origin, failures, blocked_until, updated_at) " +
            "VALUES ('account:ada', '192.0.2.1', 1, 1, 1)");
        await SendAsync(node);
        var (cleanup, holder, now) = (node.Get<ICleanupStore>(), Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        Assert.True(await node.Get<ILeaseStore>().TryTakeAsync(ICleanupStore.Lease, holder, now, now.AddMinutes(5), now.AddHours(2), CancellationToken.None));

        // Those that were revoked first: what is revoked expires too.
        foreach (var target in Enum.GetValues<CleanupTarget>().OrderByDescending(static target => target == CleanupTarget.RevokedSessions))
        {
            var removed = await cleanup.RemoveAsync(target, now.AddDays(1000), 10, holder, now.AddMinutes(5), CancellationToken.None);
            Assert.True(removed is { Removed: > 0 }, $"{target}: {removed}");
        }

        Assert.True(await node.Get<ILeaseStore>().SetAsync(ICleanupStore.Lease, holder, now, CancellationToken.None));
    }

    /// <summary>Takes a mail with a token through the outbox.</summary>
    private static async Task SendAsync(Node node)
    {
        var (outbox, now) = (node.Get<IOutboxStore>(), TimeProvider.System.GetUtcNow());
        var mail = new QueuedMail { Id = Guid.CreateVersion7(now), Kind = "reset_password", CreatedAt = now, DueAt = now };
        Assert.True(await outbox.AddAsync(mail, "key", default));
        Assert.True(await outbox.ClaimAsync(mail, now.AddMinutes(1), default));
        var token = new MailToken("ada", mail.Kind, new byte[32], "ADA@EXAMPLE.COM", new byte[32], now, UsedAt: null);
        Assert.True(await node.Get<IMailTokenStore>().IssueAsync(mail.Id, token, new byte[] { 1 }, default));
        await outbox.CloseAsync(mail.Id, MailOutcome.Sent, ("ada", mail.Kind), now, error: null, default);
    }

    /// <summary>The right to what a later migration makes is given before there is such a migration.</summary>
    [Fact]
    public async Task Command_GrantedBeforeTheTablesWereMade_IsRun()
    {
        await _role.GrantAsDocumentedAsync();
        await MigrateAsync();

        await using var serving = new PostgreSqlServer(_role.ConnectionString, _masterKey);
        await serving.CommandAsync("sessions", "revoke", "--all");
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("older")]
    public async Task Serve_NotUpToDate_RefusedWithTheReasonAndNothingIsChanged(string state)
    {
        if (state == "older")
        {
            await MigrateAsync();
            await _database.ExecuteAsync("""DELETE FROM "__EFMigrationsHistory"; DROP TABLE countersign_leases""");
        }

        await _role.GrantAsDocumentedAsync();
        var before = await DescribeAsync();

        await using var serving = new PostgreSqlServer(_role.ConnectionString, _masterKey);
        var (exitCode, output, error) = await serving.RunCommandAsync("serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("Listening", output, StringComparison.Ordinal);
        var said = Assert.Single(error.Split('\n'), static line => line.StartsWith("countersign: ", StringComparison.Ordinal));
        Assert.Matches(
            @" lacks \d+_Initial, and the account of the connection string may not change tables \(permission denied .*"
            + "Run countersign migrate under an account that may",
            said);
        Assert.Equal(before, await DescribeAsync());
    }

    /// <summary>The tables are there, and a migration would not help.</summary>
    [Fact]
    public async Task Start_NothingGranted_SaysWhatMayNotBeRead()
    {
        await MigrateAsync();

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            Node.StartAsync(AddStores, new AccountDirectory(), TimeProvider.System, _masterKey));

        Assert.Equal("permission denied for table countersign_feed_head", refused.MessageText);
    }

    private void AddStores(CountersignBuilder builder)
    {
        builder.Services.AddDbContext<TestContext>(options => options.UseNpgsql(_role.ConnectionString));
        builder.AddEntityFrameworkStores<TestContext>().UsePostgreSql();
    }

    private async Task MigrateAsync()
    {
        await using var owner = new PostgreSqlServer(_database.ConnectionString, _masterKey);
        await owner.CommandAsync("migrate");
    }

    /// <summary>Refreshes with a token that is old enough to be succeeded.</summary>
    private async Task RotateAsync(ApiClient user)
    {
        await _database.ExecuteAsync("UPDATE countersign_sessions SET refreshed_at = coalesce(refreshed_at, created_at) - 10 * 60 * 10000000::bigint");
        var before = user.RefreshToken;
        user.Keep(await user.RefreshAsync());
        Assert.NotEqual(before, user.RefreshToken);
    }

    /// <summary>Every table with its columns, and the migrations that are said to have been applied.</summary>
    private async Task<string> DescribeAsync()
    {
        var columns = await _database.ScalarAsync<string>(
            "SELECT string_agg(table_name || '.' || column_name, ' ' ORDER BY table_name, column_name) " +
            "FROM information_schema.columns WHERE table_schema = 'public'");
        var applied = columns is null
            ? null
            : await _database.ScalarAsync<string>("""SELECT string_agg("MigrationId", ' ') FROM "__EFMigrationsHistory" """);
        return $"{columns}|{applied}";
    }
}
