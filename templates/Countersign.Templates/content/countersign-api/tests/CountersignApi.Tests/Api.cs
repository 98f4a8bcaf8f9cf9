using Countersign.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CountersignApi.Tests;

/// <summary>The API as it is, in this process, with its own database.</summary>
public sealed class Api : WebApplicationFactory<Program>
{
    private readonly SqliteTestDatabase _database = new();

    /// <summary>A client that is logged in to the account with an address, which is made if there is none.</summary>
    /// <param name="email">The account's address.</param>
    /// <param name="roles">Roles of the account.</param>
    public async Task<HttpClient> LogInAsync(string email, params string[] roles)
    {
        var client = CreateClient();
        await client.AuthenticateAsync(Services, email, roles);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseEnvironment("Development")
        .UseSetting("ConnectionStrings:App", _database.ConnectionString)
        .UseCountersignTesting();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _database.Dispose();
    }
}
