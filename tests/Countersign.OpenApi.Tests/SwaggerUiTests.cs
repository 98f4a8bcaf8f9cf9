using System.Net.Http.Json;
using Countersign.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Countersign.OpenApi.Tests;

/// <summary>Swagger UI in the app, in the system's own Chromium: its button to log in works, and the app's route gets the token.</summary>
public sealed class SwaggerUiTests
{
    private const string Executable = "/usr/bin/chromium";
    private const string Email = "ada@example.com";
    private const string Password = "A quiet harbour, 7 herons";

    // The sandbox needs a user namespace, which containers do not grant; nothing but our own app is visited.
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

    [Fact]
    public async Task Authorize_PasswordOfAnAccount_OpensTheAppsRoute()
    {
        Assert.SkipUnless(File.Exists(Executable), $"There is no browser: {Executable} (Debian's package chromium) is not installed.");
        await using var app = await DocumentedApp.StartAsync(
            static services => services.AddOpenApi(static options => options.AddCountersign()),
            static web =>
            {
                web.MapCountersign();
                web.MapGet("/mine", static (CurrentUser user) => user.UserId);
                web.UseSwaggerUI(static options => options.SwaggerEndpoint("/openapi/v1.json", "v1"));
            });
        using var client = new HttpClient { BaseAddress = app.Address };
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", new { email = Email, password = Password });
        registered.EnsureSuccessStatusCode();

        Assertions.SetDefaultExpectTimeout((float)Patience.Limit.TotalMilliseconds);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Arguments });
        var page = await browser.NewPageAsync(new() { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        page.SetDefaultTimeout((float)Patience.Limit.TotalMilliseconds);
        await page.GotoAsync(new Uri(app.Address, "/swagger/index.html").ToString());

        await page.Locator(".btn.authorize").First.ClickAsync();
        var dialog = page.Locator(".modal-ux");
        await dialog.Locator("#oauth_username").FillAsync(Email);
        await dialog.Locator("#oauth_password").FillAsync(Password);
        await KeepAsync(page, "swagger-authorize");
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
        await KeepAsync(page, "swagger-execute");
    }

    /// <summary>Keeps a screenshot, to look at.</summary>
    private static async Task KeepAsync(IPage page, string name)
    {
        var folder = Environment.GetEnvironmentVariable("COUNTERSIGN_ARTIFACTS") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Harness.Repository.Root, "artifacts");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "screens")).FullName, name + ".png") });
    }
}
