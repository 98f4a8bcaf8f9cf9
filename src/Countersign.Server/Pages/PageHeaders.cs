namespace Countersign.Server.Pages;

/// <summary>What a browser is told of a page: what it may load, and that no other page may frame it or learn where a link came from.</summary>
internal static class PageHeaders
{
    /// <summary>Sets the headers.</summary>
    public static void Set(IHeaderDictionary headers, string contentSecurityPolicy)
    {
        headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
