using Countersign.Server.Accounts;
using Countersign.Server.Configuration;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Reliability.Servers;

/// <summary>A node in this process that serves no requests: it changes accounts through Identity's managers, as an app's own page does.</summary>
internal sealed class ThirdNode : IAsyncDisposable
{
    private readonly IHost _host;

    private ThirdNode(IHost host) => _host = host;

    public static async Task<ThirdNode> StartAsync(Deployment deployment)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(deployment.Environment.Select(static setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)));
        if (!ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: false, out var settings, out var faults))
        {
            throw new InvalidOperationException(string.Join('\n', faults));
        }

        ServerServices.Add(builder, settings, settings.MasterKey.Obtain());
        var host = builder.Build();
        await host.StartAsync();
        return new ThirdNode(host);
    }

    /// <summary>Makes a role.</summary>
    public async Task CreateRoleAsync(string role)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        ThrowIfFailed(await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>().CreateAsync(new IdentityRole<Guid>(role)));
    }

    /// <summary>Gives an account a role, or takes it away. When this returns, the change is committed and announced.</summary>
    public async Task ChangeRoleAsync(string email, string role, bool isGiven)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<CountersignUser>>();
        var user = await manager.FindByEmailAsync(email) ?? throw new InvalidOperationException($"{email} has no account.");
        ThrowIfFailed(await (isGiven ? manager.AddToRoleAsync(user, role) : manager.RemoveFromRoleAsync(user, role)));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static void ThrowIfFailed(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
