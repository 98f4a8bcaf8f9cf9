using Microsoft.Playwright;
using MimeKit;

namespace Countersign.Server.Tests.Pages;

/// <summary>A person signs up, reads the mails, presses the buttons of the pages, and logs in.</summary>
public sealed class AccountPageTests(AccountPageTests.MailingServer server, ChromiumBrowser chromium)
    : IClassFixture<AccountPageTests.MailingServer>, IClassFixture<ChromiumBrowser>
{
    private const string NewPassword = "nine cranes over the delta";

    public static TheoryData<bool, bool> Windows => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Walk_SignUpConfirmForgetReset_LogsInAndTheOtherDeviceIsLoggedOut(bool phone, bool dark)
    {
        using var client = server.Client();
        await using var visit = await chromium.VisitAsync(server.Address, phone, dark);
        Assert.Equal(202, (await client.PostAsync("/auth/register", new { email = client.Email, password = ApiClient.Password })).Status);
        (await LogInAsync(client, ApiClient.Password)).AssertRefused(400, "email_unconfirmed");

        var confirm = await server.MailAsync(client.Email, "Confirm your e-mail address");
        await OpenAsync(visit, LinkOf(confirm), "confirm");
        await PressAsync(visit, "Password", "a wrong guess of mine", "Confirm the address");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("This is not the password");
        await visit.KeepAsync("account-confirm-wrong");
        await PressAsync(visit, "Password", ApiClient.Password, "Confirm the address");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your address is confirmed. You can log in now.");
        await visit.KeepAsync("account-confirm-done");
        var device = await LogInAsync(client, ApiClient.Password);
        Assert.Equal(200, device.Status);

        await visit.OpenAsync("/account/forgot-password");
        await visit.KeepAsync("account-forgot");
        await PressAsync(visit, "E-mail address", client.Email, "Send the mail");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("a mail is on its way");
        await visit.KeepAsync("account-forgot-done");

        var reset = await server.MailAsync(client.Email, "Set a new password");
        await OpenAsync(visit, LinkOf(reset), "reset");
        await PressAsync(visit, "New password", "short", "Set the password");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("at least");
        await visit.KeepAsync("account-reset-refused");
        await PressAsync(visit, "New password", NewPassword, "Set the password");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your new password is set");
        await visit.KeepAsync("account-reset-done");

        Assert.Equal(200, (await LogInAsync(client, NewPassword)).Status);
        Assert.Equal(400, (await LogInAsync(client, ApiClient.Password)).Status);
        var refreshed = await client.PostAsync("/auth/refresh", new { refresh_token = device.Text("refresh_token") });
        Assert.NotEqual(200, refreshed.Status);
        await server.MailAsync(client.Email, "was changed");
        visit.AssertNothingBlocked();
    }

    /// <summary>Mail programs and scanners look at links. That changes nothing.</summary>
    [Fact]
    public async Task Link_FetchedTenTimesWithoutAClick_StaysGood()
    {
        using var client = server.Client();
        await client.PostAsync("/auth/register", new { email = client.Email, password = ApiClient.Password });
        var link = LinkOf(await server.MailAsync(client.Email, "Confirm your e-mail address"));
        using var scanner = new HttpClient();
        for (var visit = 0; visit < 10; visit++)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using var request = new HttpRequestMessage(method, link);
                using var response = await scanner.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(response.IsSuccessStatusCode || (int)response.StatusCode == 405);
            }

            await using var window = await chromium.VisitAsync(server.Address);
            await window.OpenAsync(link.PathAndQuery + link.Fragment);
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm the address" })).ToBeVisibleAsync();
            Assert.DoesNotContain(window.Requests, static request => request.Method != "GET");
        }

        (await LogInAsync(client, ApiClient.Password)).AssertRefused(400, "email_unconfirmed");
        await using var last = await chromium.VisitAsync(server.Address);
        await last.OpenAsync(link.PathAndQuery + link.Fragment);
        await PressAsync(last, "Password", ApiClient.Password, "Confirm the address");
        await Assertions.Expect(last.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your address is confirmed");
    }

    [Theory]
    [InlineData("/account/confirm-email")]
    [InlineData("/account/reset-password")]
    public async Task Page_WithoutAToken_SaysThatAMailIsNeeded(string path)
    {
        await using var visit = await chromium.VisitAsync(server.Address, phone: true);

        await visit.OpenAsync(path);

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("This page is opened by the link of a mail");
        await Assertions.Expect(visit.Page.Locator("form")).ToBeHiddenAsync();
        await visit.KeepAsync("account-without-token");
        visit.AssertNoFaults();
    }

    [Theory]
    [InlineData("#token=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")]
    [InlineData("#token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Page_TokenThatIsNone_IsRefusedAndNeverShown(string fragment)
    {
        await using var visit = await chromium.VisitAsync(server.Address);

        await visit.OpenAsync("/account/reset-password" + fragment);
        Assert.DoesNotContain("token", visit.Page.Url, StringComparison.Ordinal);
        await PressAsync(visit, "New password", NewPassword, "Set the password");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("This link is not valid any more");
        await visit.KeepAsync("account-reset-invalid");
        Assert.Equal(0, await visit.Page.Locator("img").CountAsync());
    }

    [Fact]
    public async Task Page_Headers_LetOnlyItsOwnScriptRunAndNoOtherPageFrameIt()
    {
        using var client = new HttpClient { BaseAddress = server.Address };

        using var response = await client.GetAsync(new Uri("/account/reset-password", UriKind.Relative), TestContext.Current.CancellationToken);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Matches(
            "^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "script-src 'sha256-[^']+'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'$",
            policy);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
    }

    private static Task<Answer> LogInAsync(ApiClient client, string password) =>
        client.PostAsync("/auth/login", new { username = client.Email, password });

    private static Uri LinkOf(MimeMessage mail) =>
        new(mail.TextBody!.Split('\n').Single(static line => line.Contains("#token=", StringComparison.Ordinal)).Trim());

    private static async Task OpenAsync(Visit visit, Uri link, string name)
    {
        await visit.OpenAsync(link.PathAndQuery + link.Fragment);
        Assert.DoesNotContain("token", visit.Page.Url, StringComparison.Ordinal);
        await visit.AssertFitsAsync();
        await visit.KeepAsync($"account-{name}");
        visit.AssertNothingBlocked();
    }

    private static async Task PressAsync(Visit visit, string label, string text, string button)
    {
        await visit.Page.GetByLabel(label, new() { Exact = true }).FillAsync(text);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
    }

    /// <summary>A server that writes its mails into a folder, and requires confirmed addresses.</summary>
    public sealed class MailingServer : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } =
            Settings(("Auth__Users__RequireConfirmedEmail", "true"), ("Auth__Limits__MailsPerNetworkPerMinute", "100000"));
    }
}
