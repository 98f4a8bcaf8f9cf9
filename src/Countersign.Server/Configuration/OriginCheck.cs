using System.Globalization;
using System.Net;

namespace Countersign.Server.Configuration;

/// <summary>The origins whose pages may call the routes (RFC 6454; CORS in the Fetch standard).</summary>
internal static class OriginCheck
{
    private const string Key = "Auth:AllowedOrigins";

    /// <summary>Reads the origins. Faulty ones are reported and left out.</summary>
    public static IReadOnlyList<string> Run(ConfigurationReading reading)
    {
        List<string> origins = [];
        foreach (var (key, value) in reading.Members(Key))
        {
            if (FindProblem(value) is { } problem)
            {
                reading.Fault(key, problem.Problem, problem.Remedy);
            }
            else
            {
                origins.Add(value);
            }
        }

        return origins;
    }

    private static SettingProblem? FindProblem(string value)
    {
        if (value.Contains('*', StringComparison.Ordinal))
        {
            return new SettingProblem(
                $"is \"{value}\", and wildcards are not allowed",
                "List each origin: with a wildcard, anyone who controls one matching name could read every response.");
        }

        if (string.Equals(value, "null", StringComparison.OrdinalIgnoreCase))
        {
            return new SettingProblem(
                "is \"null\", which any sandboxed frame or local file sends", "Serve the page from its own origin, and list that.");
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.Host.Length == 0)
        {
            return new SettingProblem(
                $"is \"{value}\", which is not an origin",
                "Write the scheme, the host and, unless it is the default, the port, such as https://app.example.com");
        }

        // Browsers send only one spelling, and origins are compared byte by byte. Another spelling would never match, without any error.
        var origin = Serialize(url);
        if (!string.Equals(value, origin, StringComparison.Ordinal))
        {
            return new SettingProblem($"is \"{value}\", which is not how browsers send that origin", $"Write {origin}");
        }

        return url.Scheme == Uri.UriSchemeHttp && !IsLoopback(url)
            ? new SettingProblem(
                $"is \"{value}\", a page that anyone on the network can change", $"Serve the page over https, and write https://{url.Authority}")
            : null;
    }

    /// <summary>The ASCII serialization of an origin (RFC 6454 §6.2).</summary>
    private static string Serialize(Uri url)
    {
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost.ToLowerInvariant();
        return url.IsDefaultPort ? $"{url.Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{host}:{url.Port}");
    }

    // By name, without resolution: "localhost" and names that end in it never leave the machine (RFC 6761 §6.3).
    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost"
        || url.Host.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
