using System.Net;
using Countersign.Sessions.Issuing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.AspNetCore;

/// <summary>
/// The issuer of a service that names none: the address it is bound to. Only where no stranger can come from: in Development, or where every address is
/// loopback. Never from a request's Host header, which the client writes.
/// </summary>
internal static class BoundAddress
{
    /// <summary>Reads the server's addresses, see <see cref="FallbackIssuer"/>.</summary>
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
            // Kestrel writes "any address" as a star or a plus, which no URI has.
            var text = address.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            {
                return null;
            }

            bound.Add(uri);
        }

        if (bound.Count == 0)
        {
            // A server in memory has no address; the client of a developer's test calls it so.
            return isDevelopment ? "http://localhost" : null;
        }

        return isDevelopment || bound.All(uri => uri.IsLoopback) ? Issuer(bound.Find(uri => uri.Scheme == Uri.UriSchemeHttps) ?? bound[0]) : null;
    }

    private static string Issuer(Uri uri)
    {
        // 0.0.0.0 and [::] are no place to call.
        var isAny = IPAddress.TryParse(uri.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return new UriBuilder(uri.Scheme, isAny ? "localhost" : uri.Host, uri.Port).Uri.GetLeftPart(UriPartial.Authority);
    }
}
