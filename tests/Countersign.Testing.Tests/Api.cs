extern alias todo;

using Countersign.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Program = todo::Program;

namespace Countersign.Testing.Tests;

public sealed class Api : WebApplicationFactory<Program>
{
    private readonly SqliteTestDatabase _database = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseSetting("ConnectionStrings:App", _database.ConnectionString)
        .UseCountersignTesting();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _database.Dispose();
    }
}
