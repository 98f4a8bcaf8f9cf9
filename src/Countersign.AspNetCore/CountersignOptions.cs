namespace Countersign.AspNetCore;

/// <summary>Where the endpoints are.</summary>
public sealed class CountersignOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    /// <summary>
    /// The path under which the endpoints are mapped: it begins with a slash and ends without one. <c>/api/v1</c> by default; empty maps them at the root.
    /// </summary>
    public string ApiPrefix { get; set; } = "/api/v1";
}
