using Microsoft.Playwright;

namespace Countersign.Server.Tests.Pages;

/// <summary>What a person sees in a browser, who meets an error, a blocked resource or a request to another host in none of the pages.</summary>
public sealed class BrowserTests(RunningServer server, ChromiumBrowser chromium) : IClassFixture<RunningServer>, IClassFixture<ChromiumBrowser>
{
    public static TheoryData<bool, bool> Windows => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Fact]
    public async Task Docs_AuthorizeAndExecute_ShowTheAccount()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.OpenDocsAsync();

        await AuthorizeAsync(visit, client.Email);
        await ExecuteAsync(visit.Page, "#operations-users-getAccount");

        var answer = visit.Page.Locator("#operations-users-getAccount .live-responses-table .response").First;
        await Assertions.Expect(answer.Locator(".response-col_status")).ToContainTextAsync("200");
        await Assertions.Expect(answer).ToContainTextAsync(client.Email);
        await answer.ScrollIntoViewIfNeededAsync();
        await visit.KeepAsync("docs-users-me", whole: false);
        visit.AssertNoFaults();
        await AssertNothingStoredAsync(visit.Page);
    }

    [Fact]
    public async Task Docs_Authorize_SendsWhatThePasswordFlowSends()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        await using var visit = await chromium.VisitAsync(server.Address);
        await visit.OpenDocsAsync();

        await AuthorizeAsync(visit, client.Email);

        var login = Assert.Single(visit.Requests, request => request.Url.EndsWith("/auth/login", StringComparison.Ordinal));
        Assert.Equal("Basic Og==", await login.HeaderValueAsync("Authorization"));
        Assert.Equal("application/x-www-form-urlencoded", await login.HeaderValueAsync("Content-Type"));
        Assert.Contains("grant_type=password", login.PostData, StringComparison.Ordinal);
        visit.AssertNoFaults();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Docs_AnyWindow_ShowEveryRoute(bool phone, bool dark)
    {
        await using var visit = await chromium.VisitAsync(server.Address, phone, dark);

        var response = await visit.OpenDocsAsync();

        await Assertions.Expect(visit.Page.Locator("#operations-auth-logIn")).ToBeVisibleAsync();
        await visit.KeepAsync("docs");
        await visit.Page.Locator("#operations-auth-logIn .opblock-summary-control").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#operations-auth-logIn .responses-table").First).ToBeVisibleAsync();
        await visit.KeepAsync("docs-login");
        await AssertFramedNowhereAsync(response);
        await visit.AssertFitsAsync();
        visit.AssertNoFaults();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Pages_AnyWindow_LeadToOneAnother(bool phone, bool dark)
    {
        await using var visit = await chromium.VisitAsync(server.Address, phone, dark);

        await AssertFramedNowhereAsync(await visit.OpenAsync("/"));
        await visit.AssertFitsAsync();
        await visit.KeepAsync("home");
        await visit.Page.GetByText("Reason codes").ClickAsync();
        await visit.Page.WaitForURLAsync("**/errors");
        await visit.AssertFitsAsync();
        await visit.KeepAsync("errors");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "token_expired", Exact = true }).ClickAsync();
        await visit.Page.WaitForURLAsync("**/errors/token_expired");
        await visit.AssertFitsAsync();
        await visit.KeepAsync("errors-token_expired");
        Assert.Equal("Token expired", await visit.Page.TitleAsync());
        visit.AssertNoFaults();
    }

    [Fact]
    public async Task Pages_Background_FollowsTheColourScheme()
    {
        await using var light = await chromium.VisitAsync(server.Address);
        await using var dark = await chromium.VisitAsync(server.Address, dark: true);

        Assert.NotEqual(await BackgroundAsync(light, "/"), await BackgroundAsync(dark, "/"));
    }

    private static async Task<string> BackgroundAsync(Visit visit, string path)
    {
        await visit.OpenAsync(path);
        return await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    private static async Task AuthorizeAsync(Visit visit, string email)
    {
        var page = visit.Page;
        await page.Locator(".btn.authorize").First.ClickAsync();
        var dialog = page.Locator(".modal-ux");
        await dialog.Locator("#oauth_username").FillAsync(email);
        await dialog.Locator("#oauth_password").FillAsync(ApiClient.Password);
        await visit.KeepAsync("docs-authorize", whole: false);
        await dialog.GetByLabel("Apply given OAuth2 credentials").ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Remove authorization")).ToBeVisibleAsync();
        await dialog.Locator(".btn-done").Last.ClickAsync();
    }

    private static async Task ExecuteAsync(IPage page, string operation)
    {
        await page.Locator($"{operation} .opblock-summary-control").ClickAsync();
        await page.Locator($"{operation} .try-out__btn").ClickAsync();
        await page.Locator($"{operation} .execute").ClickAsync();
    }

    /// <summary>A token lives as long as the page is open.</summary>
    private static async Task AssertNothingStoredAsync(IPage page)
    {
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        Assert.Empty(await page.Context.CookiesAsync());
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.Load });
        await Assertions.Expect(page.Locator(".btn.authorize.unlocked").First).ToBeVisibleAsync();
    }

    private static async Task AssertFramedNowhereAsync(IResponse response)
    {
        Assert.Contains("frame-ancestors 'none'", await response.HeaderValueAsync("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", await response.HeaderValueAsync("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("DENY", await response.HeaderValueAsync("X-Frame-Options"));
        Assert.Equal("nosniff", await response.HeaderValueAsync("X-Content-Type-Options"));
        Assert.Equal("no-referrer", await response.HeaderValueAsync("Referrer-Policy"));
    }
}
