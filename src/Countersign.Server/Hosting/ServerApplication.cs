using Countersign.Server.Configuration;
using Countersign.Server.Health;
using Countersign.Server.OpenApi;
using Countersign.Server.Pages;
using Countersign.Server.Problems;
using Microsoft.AspNetCore.HostFiltering;

namespace Countersign.Server.Hosting;

/// <summary>Builds the web server.</summary>
internal static class ServerApplication
{
    /// <summary>
    /// Settings are checked at the start and hold until the next start. File watchers would also wake a thread at every write to a database beside the
    /// configuration files. That costs a tenth of the processor time of a refresh.
    /// </summary>
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Makes the host with only its configuration. The settings are read from it before services are registered.</summary>
    /// <param name="urls">Addresses from the command line; null uses the environment's or the default.</param>
    /// <param name="environment">The environment's name from the command line; null uses the environment variable's or Production.</param>
    public static WebApplicationBuilder CreateBuilder(string? urls, string? environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [NoReload], EnvironmentName = environment });
        if (urls is not null)
        {
            builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, urls);
        }

        return builder;
    }

    /// <summary>Registers the services and maps the routes. It opens nothing yet.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, ServerSettings settings, string? masterKey)
    {
        ConsoleLogging.Configure(builder.Logging, LogLevel.Information);
        ServerServices.Add(builder, settings, masterKey);
        KestrelLimits.Configure(builder.WebHost, settings.Addresses);
        builder.Services.AddOpenApiDocument();
        builder.Services.AddCors();

        // If an operator has set AllowedHosts, the framework refuses other hosts with its own page, before any of our code runs.
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

        app.MapPages(settings.Docs, settings.ApiPrefix);
        return app;
    }

    /// <summary>Adds the middleware before the routes.</summary>
    private static void UseEdge(WebApplication app, ServerSettings settings)
    {
        app.UseSecurityHeaders(settings.Hsts);
        app.UseForwardedRequests(settings.TrustedProxies);
        app.UseCrossOrigin(settings.ApiPrefix, settings.AllowedOrigins);
        app.UseFrameworkProblems();

        // These three are added here. By default the framework adds them first: then responses to refused tokens lack the headers, and browsers hide the
        // responses.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
