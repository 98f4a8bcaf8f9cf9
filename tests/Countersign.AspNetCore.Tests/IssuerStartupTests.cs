using System.Security.Cryptography;
using Countersign.AspNetCore.Tests.Support;
using Countersign.EntityFrameworkCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UserContext = Countersign.AspNetCore.Tests.Support.AppContext<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests;

public sealed class IssuerStartupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Start_BeyondThisMachineWithoutIssuer_StopsTheHost()
    {
        await using var app = await BuildAsync("http://0.0.0.0:0", issuer: null);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());

        Assert.Contains("Auth:Issuer", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", null)]
    [InlineData("http://0.0.0.0:0", "https://auth.example.com")]
    public async Task Start_WhereTheIssuerIsKnown_Starts(string address, string? issuer)
    {
        await using var app = await BuildAsync(address, issuer);

        await app.StartAsync();

        await app.StopAsync();
    }

    private async Task<WebApplication> BuildAsync(string address, string? issuer)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls(address);
        builder.Logging.ClearProviders();
        builder.Configuration["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        builder.Configuration["Auth:Issuer"] = issuer;
        builder.Services.AddDbContext<UserContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        builder.Services.AddIdentityCore<AppUser>().AddEntityFrameworkStores<UserContext>();
        builder.Services.AddCountersign<AppUser>().AddEntityFrameworkStores<UserContext>();
        var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<UserContext>().Database.EnsureCreatedAsync();
        app.MapCountersign();
        return app;
    }
}
