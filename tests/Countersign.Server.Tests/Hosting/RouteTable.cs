using Countersign.Server.Hosting;
using Countersign.Server.Tests.Configuration;
using Microsoft.AspNetCore.Routing;

namespace Countersign.Server.Tests.Hosting;

/// <summary>The routes of the server, from its own route table: what is added to it is tested with the rest.</summary>
internal static class RouteTable
{
    public const string Prefix = "/api/v1";

    /// <summary>Methods and paths; a path's parameters are filled in with an id.</summary>
    public static IReadOnlyList<(string Method, string Path)> Read() =>
        Read(static endpoint => '/' + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(
            part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : $"{Guid.Empty}")))));

    /// <summary>Methods and paths, with parameters in braces.</summary>
    public static IReadOnlyList<(string Method, string Path)> ReadPatterns() => Read(static endpoint => '/' + endpoint.RoutePattern.RawText!.TrimStart('/'));

    private static List<(string Method, string Path)> Read(Func<RouteEndpoint, string> path)
    {
        using var directory = new TemporaryDirectory();
        var (settings, faults) = SettingsReading.Read(directory.Path, [KeyValuePair.Create<string, string?>("Auth:Docs", "true")]);
        Assert.Empty(faults);
        var builder = ServerApplication.CreateBuilder(urls: null, "Production");
        builder.Configuration["Auth:Mail:Folder"] = directory.File("mail");
        IEndpointRouteBuilder app = ServerApplication.Build(builder, settings!, Convert.ToBase64String(new byte[32]));
        return [.. app.DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => (method, path(endpoint))))
            .Distinct()];
    }
}
