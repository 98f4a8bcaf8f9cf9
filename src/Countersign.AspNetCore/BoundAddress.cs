using System.Net;
using Countersign.Sessions.Issuing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.AspNetCore;

/// <summary>
/// Finds the issuer of a service that configures none: the address that the server is bound to. It is used only in Development, or if every address is
/// loopback, so that no stranger can reach the service. It never comes from a request's Host header, because the client writes that header.
/// </summary>
internal static class BoundAddress
{
    /// <summary>Finds the issuer among the server's addresses, see <see cref="FallbackIssuer"/>.</summary>
    public static string? Find(IServiceProvider services)
    {
        var isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false;
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return Find([.. addresses], isDevelopment);
    }

    internal static string? Find(IReadOnlyList<string> addresses, bool isDevelopment)
    {
        List<Uri> bound = [];
        foreach (var address in addresses)
        {
            // Kestrel writes "any address" as a star or a plus, which a URI can't contain.
            var text = address.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            {
                return null;
            }

            bound.Add(uri);
        }

        if (bound.Count == 0)
        {
            // A server in memory has no address. The client of a developer's test calls it by this one.
            return isDevelopment ? "http://localhost" : null;
        }

        return isDevelopment || bound.All(uri => uri.IsLoopback) ? Issuer(bound.Find(uri => uri.Scheme == Uri.UriSchemeHttps) ?? bound[0]) : null;
    }

    private static string Issuer(Uri uri)
    {
        // A client can't call 0.0.0.0 or [::].
        var isAny = IPAddress.TryParse(uri.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return new UriBuilder(uri.Scheme, isAny ? "localhost" : uri.Host, uri.Port).Uri.GetLeftPart(UriPartial.Authority);
    }
}
