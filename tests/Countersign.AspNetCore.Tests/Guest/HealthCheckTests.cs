using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>The app's own health checks, with Countersign's among them.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task AddCountersign_AllInOrder_IsHealthy()
    {
        await using var app = await GuestApp.StartAsync(Setup());

        Assert.Equal((200, "Healthy countersign ready "), await AskAsync(app));
    }

    [Theory]
    [InlineData("AspNetUsers")]
    [InlineData("countersign_keys")]
    public async Task AddCountersign_TableIsGone_SaysSo(string table)
    {
        await using var app = await GuestApp.StartAsync(Setup());
#pragma warning disable EF1002 // The names are constants of this test.
        await app.WithContextAsync(context => context.Database.ExecuteSqlRawAsync($"ALTER TABLE {table} RENAME TO Gone"));
#pragma warning restore EF1002

        Assert.Equal((503, "Unhealthy countersign ready The database cannot be read."), await AskAsync(app));
        Assert.Equal((503, "Unhealthy countersign ready The database cannot be read."), await AskAsync(app));
        Assert.Single(app.Log.Lines, static line => line.Event == 3401);
    }

    /// <summary>The call that is missing is named, instead of a service that the container can't make.</summary>
    [Fact]
    public async Task AddCountersign_WithoutTheServices_NamesTheMissingCall()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks().AddCountersign();
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("Call builder.Services.AddCountersign<TUser>()", report.Entries["countersign"].Description, StringComparison.Ordinal);
    }

    private static GuestSetup Setup() => new()
    {
        Services = static services => services.AddHealthChecks().AddCountersign(),
        Map = static web =>
        {
            web.MapCountersign();
            web.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
        },
    };

    private static async Task<(int Status, string Text)> AskAsync(GuestApp app)
    {
        var reply = await app.SendAsync("GET", "/health");
        return (reply.Status, reply.Text);
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var (name, entry) = Assert.Single(report.Entries);
        return context.Response.WriteAsync($"{entry.Status} {name} {string.Join(',', entry.Tags)} {entry.Description}");
    }
}
