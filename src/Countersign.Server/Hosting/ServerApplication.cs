using Countersign.Server.Configuration;
using Countersign.Server.Health;
using Countersign.Server.OpenApi;
using Countersign.Server.Pages;
using Countersign.Server.Problems;
using Microsoft.AspNetCore.HostFiltering;

namespace Countersign.Server.Hosting;

/// <summary>Puts the web server together.</summary>
internal static class ServerApplication
{
    /// <summary>
    /// Settings are checked at the start and hold until the next. Watching the files for changes would also wake a thread at every write to a database that lies beside them, which costs a
    /// tenth of a refresh's processor time.
    /// </summary>
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>The host with its configuration and nothing else: settings are read from it before anything is registered.</summary>
    /// <param name="urls">Addresses from the command line; null for the environment's or the default.</param>
    /// <param name="environment">The environment's name from the command line; null for the environment variable's or Production.</param>
    public static WebApplicationBuilder CreateBuilder(string? urls, string? environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [NoReload], EnvironmentName = environment });
        if (urls is not null)
        {
            builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, urls);
        }

        return builder;
    }

    /// <summary>Registers everything and lays the routes. Nothing is opened yet.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, ServerSettings settings, string? masterKey)
    {
        ConsoleLogging.Configure(builder.Logging, LogLevel.Information);
        ServerServices.Add(builder, settings, masterKey);
        KestrelLimits.Configure(builder.WebHost, settings.Addresses);
        builder.Services.AddSingleton<ServerHealth>();
        builder.Services.AddOpenApiDocument();
        builder.Services.AddCors();

        // Where an operator has set AllowedHosts, the framework refuses others with a page of its own, before anything of ours.
        builder.Services.Configure<HostFilteringOptions>(static options => options.IncludeFailureMessage = false);

        var app = builder.Build();
        UseEdge(app, settings);
        app.MapCountersign();
        app.MapHealth();
        if (settings.Docs)
        {
            app.UseDocsPage();
            app.MapOpenApiDocument();
        }

        app.MapPages(settings.Docs);
        return app;
    }

    /// <summary>What every request passes before its route.</summary>
    private static void UseEdge(WebApplication app, ServerSettings settings)
    {
        app.UseSecurityHeaders(settings.Hsts);
        app.UseForwardedRequests(settings.TrustedProxies);
        app.UseCrossOrigin(settings.ApiPrefix, settings.AllowedOrigins);
        app.UseFrameworkProblems();

        // Said here, since the framework would put all three before what stands above: a refused token's answer would lack the headers, and a browser hide it.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
