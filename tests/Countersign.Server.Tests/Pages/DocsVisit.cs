using Microsoft.Playwright;

namespace Countersign.Server.Tests.Pages;

/// <summary>A visit of the server's documentation page.</summary>
internal static class DocsVisit
{
    /// <summary>Opens the page, and waits until its scripts have read the OpenAPI document and drawn the routes.</summary>
    public static async Task<IResponse> OpenDocsAsync(this Visit visit)
    {
        var response = await visit.OpenAsync("/docs");
        await Assertions.Expect(visit.Page.Locator(".opblock").First).ToBeVisibleAsync();
        return response;
    }
}
