using System.Net.Http.Json;
using Countersign.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Scalar.AspNetCore;

namespace Countersign.OpenApi.Tests;

/// <summary>The documentation pages that apps use: a person logs in on the page, and the app's route gets the token.</summary>
public sealed class DocumentationPageTests(ChromiumBrowser chromium) : IClassFixture<ChromiumBrowser>
{
    private const string Email = "ada@example.com";
    private const string Password = "A quiet harbour, 7 herons";

    [Fact]
    public async Task SwaggerUi_PasswordOfAnAccount_OpensTheAppsRoute()
    {
        await using var app = await StartAsync(static web => web.UseSwaggerUI(static options => options.SwaggerEndpoint("/openapi/v1.json", "v1")));
        await using var visit = await chromium.VisitAsync(app.Address);
        var page = visit.Page;
        await visit.OpenAsync("/swagger/index.html");

        await page.Locator(".btn.authorize").First.ClickAsync();
        var dialog = page.Locator(".modal-ux");
        await dialog.Locator("#oauth_username").FillAsync(Email);
        await dialog.Locator("#oauth_password").FillAsync(Password);
        await visit.KeepAsync("swagger-authorize", whole: false);
        await dialog.GetByLabel("Apply given OAuth2 credentials").ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Remove authorization")).ToBeVisibleAsync();
        await dialog.Locator(".btn-done").Last.ClickAsync();

        var operation = page.Locator(".opblock", new() { Has = page.Locator("[data-path='/mine']") });
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator(".try-out__btn").ClickAsync();
        await operation.Locator(".execute").ClickAsync();
        var answer = operation.Locator(".live-responses-table .response").First;
        await Assertions.Expect(answer.Locator(".response-col_status")).ToContainTextAsync("200");
        await answer.ScrollIntoViewIfNeededAsync();
        await visit.KeepAsync("swagger-execute", whole: false);
    }

    [Fact]
    public async Task Scalar_PasswordOfAnAccount_OpensTheAppsRoute()
    {
        await using var app = await StartAsync(static web => web.MapScalarApiReference(static options => options
            .DisableDefaultFonts()
            .AddPreferredSecuritySchemes("passwordFlow")));
        await using var visit = await chromium.VisitAsync(app.Address);
        var page = visit.Page;
        await visit.OpenAsync("/scalar/v1");

        await page.GetByLabel("Username").First.FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).First.FillAsync(Password);
        await visit.KeepAsync("scalar-authorize", whole: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Authorize" }).First.ClickAsync();
        await Assertions.Expect(page.GetByText("Clear tokens").First).ToBeVisibleAsync();

        await page.GetByText("Open Group - Countersign.OpenApi.Tests").First.ClickAsync(new() { Force = true });
        await page.Locator("[data-sidebar-id$='/GET/mine'] a").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request" }).Last.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog).Last;
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync();
        await Assertions.Expect(dialog.GetByText("200 OK").First).ToBeVisibleAsync();
        await visit.KeepAsync("scalar-execute", whole: false);
    }

    private static async Task<DocumentedApp> StartAsync(Action<WebApplication> map)
    {
        var app = await DocumentedApp.StartAsync(
            static services => services.AddOpenApi(static options => options.AddCountersign()),
            web =>
            {
                web.MapCountersign();
                web.MapGet("/mine", static (CurrentUser user) => user.UserId);
                map(web);
            });
        using var client = new HttpClient { BaseAddress = app.Address };
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", new { email = Email, password = Password });
        registered.EnsureSuccessStatusCode();
        return app;
    }
}
