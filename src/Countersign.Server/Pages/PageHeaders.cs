namespace Countersign.Server.Pages;

/// <summary>Headers that tell a browser what a page may load, that no other page may frame it, and not to send its address as a referrer.</summary>
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
