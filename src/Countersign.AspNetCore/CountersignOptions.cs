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
}
