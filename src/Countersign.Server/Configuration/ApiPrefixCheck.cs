using System.Text.RegularExpressions;

namespace Countersign.Server.Configuration;

/// <summary>Where the routes begin.</summary>
internal static partial class ApiPrefixCheck
{
    private const string Key = "Auth:ApiPrefix";
    private const string Default = "/api/v1";

    /// <summary>Reads the prefix; a faulty one is noted, and the default is the answer.</summary>
    public static string Run(ConfigurationReading reading)
    {
        if (reading.Value(Key) is not { } prefix)
        {
            return Default;
        }

        if (Path().IsMatch(prefix))
        {
            return prefix;
        }

        reading.Fault(Key, $"is \"{prefix}\", which is not a path", "Write it with a slash in front and none at the end, such as /api/v1; segments may hold letters, digits and . _ ~ -");
        return Default;
    }

    // Unreserved characters of RFC 3986 section 2.3: no segment needs escaping, and none can be a route parameter. Clients resolve "." and ".." before they
    // send them, so no route under these is ever reached.
    [GeneratedRegex(@"\A(?=.{1,128}\z)(/(?!\.{1,2}(/|\z))[A-Za-z0-9._~-]+)+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Path();
}
