using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>Where the endpoints are, and whether sign-up is one of them.</summary>
public sealed class CountersignOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    /// <summary>
    /// The path under which the endpoints are mapped: it begins with a slash and ends without one. <c>/api/v1</c> by default; empty maps them at the root.
    /// </summary>
    public string ApiPrefix { get; set; } = "/api/v1";

    /// <summary>
    /// Who may make an account: <see cref="Registration.Closed"/>, which is the default in an app, or <see cref="Registration.Open"/>, which is the server's.
    /// </summary>
    public Registration Registration { get; set; }

    private const int MaxPrefixLength = 128;

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        if (ApiPrefix is not { Length: <= MaxPrefixLength } || (ApiPrefix.Length > 0 && !IsPrefix(ApiPrefix)))
        {
            check.Add(
                nameof(ApiPrefix),
                $"is \"{ApiPrefix}\", which is not a path",
                "Write it with a slash in front and none at the end, such as /api/v1; segments may hold letters, digits and . _ ~ - and no segment is . or ..");
        }

        check.Choice(nameof(Registration), Registration);
        return check.Faults;
    }

    /// <summary>
    /// Unreserved characters of RFC 3986 §2.3: no segment needs escaping, and none can be a route parameter. Clients resolve "." and ".." before they send
    /// them, so no route under these is ever reached.
    /// </summary>
    private static bool IsPrefix(string prefix) =>
        prefix[0] == '/'
        && prefix[1..].Split('/').All(static segment => segment.Length > 0
            && segment is not ("." or "..")
            && segment.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~'));
}
