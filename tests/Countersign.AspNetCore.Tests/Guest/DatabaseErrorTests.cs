using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>What the app's own tables refuse is a fault that somebody must mend, not an outage that passes.</summary>
public sealed class DatabaseErrorTests
{
    private const int Refused = 3103;

    [Fact]
    public async Task Register_ColumnOfTheAppIsNull_Is500AndTheLogNamesTableAndColumn()
    {
        await using var app = await StartAsync(static () => new GuestUser { Company = null! });

        var reply = await app.RegisterAsync("new@example.com");

        Assert.Equal((500, "internal_error", ""), (reply.Status, reply.Code, reply.Header("Retry-After")));
        Assert.DoesNotContain("Company", reply.Text, StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, static line => line.Event == Refused
            && line.Text.Contains("table AspNetUsers, column Company", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Register_ColumnOfTheModelIsMissing_Is500()
    {
        await using var app = await StartAsync(static () => new GuestUser());
        await app.WithContextAsync(static context => context.Database.ExecuteSqlRawAsync("ALTER TABLE AspNetUsers DROP COLUMN Company"));

        Assert.Equal((500, "internal_error"), await StatusAsync(app.RegisterAsync("new@example.com")));
        Assert.Equal((500, "internal_error"), await StatusAsync(app.LoginAsync("new@example.com")));
    }

    [Fact]
    public async Task Register_DatabaseIsLocked_Is503WithRetryAfter()
    {
        await using var app = await StartAsync(static () => new GuestUser());
        await using var scope = app.Services.CreateAsyncScope();
        var other = scope.ServiceProvider.GetRequiredService<GuestContext>();
        await other.Database.OpenConnectionAsync();
        await other.Database.ExecuteSqlRawAsync("BEGIN EXCLUSIVE");

        var reply = await app.RegisterAsync("new@example.com");

        Assert.Equal((503, "temporarily_unavailable"), (reply.Status, reply.Code));
        Assert.NotEqual("", reply.Header("Retry-After"));
        await other.Database.ExecuteSqlRawAsync("ROLLBACK");
        Assert.Equal(201, (await app.RegisterAsync("new@example.com")).Status);
    }

    private static async Task<(int Status, string? Code)> StatusAsync(Task<Endpoints.Reply> pending)
    {
        var reply = await pending;
        return (reply.Status, reply.Code);
    }

    private static Task<GuestApp> StartAsync(Func<GuestUser> create) => GuestApp.StartAsync(new GuestSetup
    {
        Countersign = static options => options.Registration = Registration.Open,
        Services = services => services.Configure<CountersignUserOptions<GuestUser>>(options => options.Create = create),
    });
}
