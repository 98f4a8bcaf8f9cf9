using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Countersign.Server.Configuration;
using Countersign.Server.Hosting;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// The server's own web application, put together by the server's own code over the settings and the data of a server that runs, and never started. It gives
/// the tests what no client sees: the route table, and the private keys.
/// </summary>
internal sealed class SecondNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly KeyWrapper _wrapper;

    private SecondNode(WebApplication app, KeyWrapper wrapper)
    {
        _app = app;
        _wrapper = wrapper;
    }

    /// <summary>Builds it.</summary>
    /// <param name="dataDirectory">The data directory of the server that runs.</param>
    /// <param name="environment">What that server is configured with.</param>
    public static SecondNode Build(string dataDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var builder = ServerApplication.CreateBuilder("http://127.0.0.1:0", environment: null);
        builder.Configuration.AddInMemoryCollection(
            environment.Select(static pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)));
        builder.Configuration["Auth:DataDirectory"] = dataDirectory;
        Assert.True(
            ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: true, out var settings, out var faults),
            string.Join('\n', faults));
        var masterKey = settings.MasterKey.Obtain();
        return new SecondNode(ServerApplication.Build(builder, settings, masterKey), KeyWrapper.From(new KeyOptions { MasterKey = masterKey }));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Every operation of the route table, each once.</summary>
    public IReadOnlyList<Operation> ReadOperations()
    {
        var endpoints = ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static source => source.Endpoints).ToList();
        Assert.All(endpoints, static endpoint => Assert.IsType<RouteEndpoint>(endpoint));
        return
        [
            .. endpoints.Cast<RouteEndpoint>()
                .SelectMany(static endpoint => Methods(endpoint).Select(method => new Operation(method, Pattern(endpoint), RequiresLogin(endpoint))))
                .GroupBy(static operation => operation.ToString(), StringComparer.Ordinal)

                // An address may be mapped twice, once for each form of its body: the weaker of the two counts.
                .Select(static group => group.OrderBy(static operation => operation.RequiresLogin).First())
                .OrderBy(static operation => operation.Pattern, StringComparer.Ordinal)
                .ThenBy(static operation => operation.Method, StringComparer.Ordinal),
        ];
    }

    /// <summary>The roles that any route asks for.</summary>
    public IReadOnlyList<string> ReadRoles() =>
    [
        .. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static source => source.Endpoints).SelectMany(static endpoint =>
            endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(static policy => policy.Requirements.OfType<RolesAuthorizationRequirement>())
                .SelectMany(static asked => asked.AllowedRoles)
                .Concat(endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(static data => data.Roles).OfType<string>())),
    ];

    /// <summary>Every key of the database, opened as the server opens it.</summary>
    public async Task<IReadOnlyList<(StoredKey Row, SigningKey Key)>> OpenKeysAsync()
    {
        var stored = await _app.Services.GetRequiredService<IKeyStore>().LoadAsync(CancellationToken.None);
        return [.. stored.Keys.Select(row => (row, _wrapper.TryOpen(row)!))];
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods.Count: > 0 } metadata ? metadata.HttpMethods : ["*"];

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    /// <summary>A policy alone is not enough: it must name our scheme, refuse the anonymous, and be switched off by nothing.</summary>
    private static bool RequiresLogin(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Any(static policy =>
            policy.AuthenticationSchemes.Contains(CountersignBearerDefaults.AuthenticationScheme, StringComparer.Ordinal)
            && policy.Requirements.Any(static requirement => requirement is DenyAnonymousAuthorizationRequirement or LoginRequirement));
}
