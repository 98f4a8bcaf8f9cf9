extern alias todo;

using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Time.Testing;
using Program = todo::Program;

namespace Countersign.Testing.Tests;

/// <summary>A clock that the test tells.</summary>
public sealed class TimeTests
{
    [Fact]
    public async Task Time_Told_TokensExpire()
    {
        await using var api = new TimedApi();
        using var client = api.CreateClient();
        await client.AuthenticateAsync(api.Services, "ada@example.com");
        Assert.Equal("[]", await client.GetStringAsync("/todos", TestContext.Current.CancellationToken));

        api.Time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("token_expired", await ApiTests.RefusalAsync(client));
    }

    private sealed class TimedApi : WebApplicationFactory<Program>
    {
        private readonly SqliteTestDatabase _database = new();

        public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(60));

        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseSetting("ConnectionStrings:App", _database.ConnectionString)
            .UseCountersignTesting(options => options.Time = Time);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _database.Dispose();
        }
    }
}
