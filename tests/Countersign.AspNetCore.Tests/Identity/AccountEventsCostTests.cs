using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions;
using Microsoft.Extensions.DependencyInjection;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>What the guide says that events cost.</summary>
public sealed class AccountEventsCostTests
{
    [Fact]
    public async Task StartAsync_WithEvents_CostsOneQueryMore()
    {
        var without = await StatementsAsync(static _ => { });
        var with = await StatementsAsync(static services => services.AddScoped<IAccountEvents<AppUser>, NoEvents>());

        Assert.NotEmpty(without);
        Assert.Equal(without.Count + 1, with.Count);
    }

    private static async Task<IReadOnlyList<string>> StatementsAsync(Action<IServiceCollection> configure)
    {
        await using var app = await App.StartAsync(configure);
        var id = await app.CreateAsync();

        // The first login fills caches.
        await app.StartAsync(id);
        app.Trace.Clear();
        await app.StartAsync(id, new SignInContext());
        return app.Trace.Statements;
    }

    private sealed class NoEvents : IAccountEvents<AppUser>;
}
