using Countersign.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using UserContext = Countersign.AspNetCore.Tests.Support.AppContext<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>What an authorised request asks of the database: nothing, and yet a change of the account counts at once.</summary>
public sealed class AuthorisedRequestTests
{
    private const int Requests = 50;

    private readonly SqliteTrace _tracer = new();

    [Fact]
    public async Task CurrentUser_AuthorisedRequests_NoDatabaseCommand()
    {
        await using var server = await StartAsync();
        var login = await server.LoginAsync();

        var statements = await TraceAsync(server, "/who", login, 200);

        Assert.Empty(statements);
        Assert.Equal(Requests, (await TraceAsync(server, "/account", login, 200)).Count);
    }

    [Theory]
    [InlineData("stamp", 401, "session_revoked")]
    [InlineData("password", 401, "session_revoked")]
    [InlineData("activity", 400, "account_inactive")]
    [InlineData("deleted", 401, "session_revoked")]
    public async Task CurrentUser_AccountChangedByTheAppsOwnCode_RefusedWithoutADatabaseCommand(string change, int status, string code)
    {
        await using var server = await StartAsync();
        var login = await server.LoginAsync();
        Assert.Empty(await TraceAsync(server, "/who", login, 200));

        await using (var scope = server.Services.CreateAsyncScope())
        {
            var manager = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            var user = (await manager.FindByIdAsync(login.UserId))!;
            user.IsDisabled = change == "activity";
            var result = change switch
            {
                "stamp" => await manager.UpdateSecurityStampAsync(user),
                "password" => await manager.ChangePasswordAsync(user, WebServer.Password, "another quiet harbour"),
                "activity" => await manager.UpdateAsync(user),
                _ => await manager.DeleteAsync(user),
            };
            Assert.True(result.Succeeded, result.ToString());
        }

        Assert.Empty(await TraceAsync(server, "/who", login, status));
        Assert.Equal(code, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Code);
    }

    /// <summary>What SQLite is asked while requests are answered, whoever asks it; without the feed, which is read whether or not there are requests.</summary>
    private async Task<IReadOnlyList<string>> TraceAsync(WebServer server, string path, Login login, int status)
    {
        _tracer.Clear();
        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal(status, (await server.SendAsync("GET", path, bearer: login.AccessToken)).Status);
        }

        return _tracer.Statements;
    }

    private async Task<WebServer> StartAsync()
    {
        var server = new WebServer(builder => builder.Services.ConfigureDbContext<UserContext>(options => options.AddInterceptors(_tracer)));
        await server.InitializeAsync();
        return server;
    }
}
