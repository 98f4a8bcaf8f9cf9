using Countersign.Server.Hosting;
using Countersign.Server.Tests.Configuration;
using Microsoft.AspNetCore.Routing;

namespace Countersign.Server.Tests.Hosting;

/// <summary>The routes of the server, from its own route table: what is added to it is tested with the rest.</summary>
internal static class RouteTable
{
    public const string Prefix = "/api/v1";

    /// <summary>Methods and paths; a path's parameters are filled in with an id.</summary>
    public static IReadOnlyList<(string Method, string Path)> Read()
    {
        using var directory = new TemporaryDirectory();
        var (settings, faults) = SettingsReading.Read(directory.Path, []);
        Assert.Empty(faults);
        IEndpointRouteBuilder app = ServerApplication.Build(ServerApplication.CreateBuilder(urls: null, "Production"), settings!, Convert.ToBase64String(new byte[32]));
        return [.. app.DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(Describe)
            .Distinct()];
    }

    private static IEnumerable<(string Method, string Path)> Describe(RouteEndpoint endpoint)
    {
        var path = '/' + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
            string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : $"{Guid.Empty}"))));
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, path));
    }
}
