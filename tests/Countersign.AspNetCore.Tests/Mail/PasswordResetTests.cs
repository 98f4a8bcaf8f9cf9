using Countersign.AspNetCore.Tests.Guest;
using Countersign.AspNetCore.Tests.Endpoints;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Mail;

/// <summary>A person who has forgotten the password sets a new one with the link of a mail.</summary>
public sealed class PasswordResetTests
{
    private const string NewPassword = "Another harbour, 9 herons";

    private readonly Postbox _postbox = new();

    [Fact]
    public async Task Reset_WithTheTokenOfTheMail_SetsThePasswordConfirmsTheAddressAndEndsEverySession()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ada", "ada@example.com");
        var session = await app.LoginAsync("ada");

        Assert.Equal((202, string.Empty), await AskAsync(app, "ADA@example.com"));
        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ResetPassword);
        Assert.Equal("ada@example.com", mail.To);
        Assert.Equal("https://app.example.com/reset", mail.Link!.GetLeftPart(UriPartial.Path));
        Assert.Equal(TimeSpan.FromMinutes(30), mail.LinkLifetime);
        Assert.Equal(204, (await ResetAsync(app, Postbox.TokenOf(mail))).Status);

        Assert.Equal(400, (await app.LoginAsync("ada")).Status);
        Assert.Equal(200, (await app.LoginAsync("ada", NewPassword)).Status);
        Assert.Equal(401, (await app.SendAsync("GET", "/api/v1/users/me", bearer: session.Json.GetProperty("access_token").GetString())).Status);
        Assert.True(await app.WithUserAsync("ada", static (manager, user) => manager.IsEmailConfirmedAsync(user)));
        var notice = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.PasswordChanged);
        Assert.Equal(("ada@example.com", null, "127.0.0.1"), (notice.To, notice.Link, notice.Network));
    }

    [Fact]
    public async Task Reset_TokenUsedBefore_IsRefusedAndChangesNothing()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ada", "ada@example.com");
        var token = await TokenAsync(app);
        Assert.Equal(204, (await ResetAsync(app, token)).Status);

        Assert.Equal((400, "mail_token_invalid"), Outcome(await ResetAsync(app, token, "A third harbour, 9 herons")));
        Assert.Equal(200, (await app.LoginAsync("ada", NewPassword)).Status);
    }

    [Fact]
    public async Task Reset_ManyAtOnceWithOneToken_OneSucceeds()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ada", "ada@example.com");
        var token = await TokenAsync(app);

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(index => ResetAsync(app, token, $"Harbour number {index}, herons")));

        Assert.Single(replies, static reply => reply.Status == 204);
        Assert.All(replies.Where(static reply => reply.Status != 204), static reply => Assert.Equal((400, "mail_token_invalid"), Outcome(reply)));
    }

    [Fact]
    public async Task Reset_NewPasswordRefused_LeavesTheTokenGood()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ada", "ada@example.com");
        var token = await TokenAsync(app);

        Assert.Equal((400, "password_refused"), Outcome(await ResetAsync(app, token, "short")));
        Assert.Equal(200, (await app.LoginAsync("ada")).Status);
        Assert.Equal(204, (await ResetAsync(app, token)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("not a token, and with signs that base64 lacks")]
    [InlineData("\u00e9AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Reset_InventedToken_IsRefused(string token)
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());

        Assert.Equal((400, "mail_token_invalid"), Outcome(await ResetAsync(app, token)));
    }

    [Fact]
    public async Task Reset_TokenOfAConfirmation_IsRefused()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.RegisterAsync("ada@example.com");
        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ConfirmEmail);

        Assert.Equal((400, "mail_token_invalid"), Outcome(await ResetAsync(app, Postbox.TokenOf(mail))));
    }

    [Theory]
    [InlineData("address")]
    [InlineData("stamp")]
    [InlineData("ban")]
    [InlineData("deletion")]
    public async Task Reset_AccountHasChangedSince_IsRefused(string change)
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ada", "ada@example.com");
        var token = await TokenAsync(app);
        await app.WithUserAsync("ada", (manager, user) => change switch
        {
            "address" => manager.SetEmailAsync(user, "other@example.com"),
            "stamp" => manager.UpdateSecurityStampAsync(user),
            "ban" => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue),
            _ => manager.DeleteAsync(user),
        });

        Assert.Equal((400, "mail_token_invalid"), Outcome(await ResetAsync(app, token)));
    }

    [Fact]
    public async Task Forgot_Again_VoidsTheFirstMail()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await GuestApp.StartAsync(_postbox.Setup(time: time));
        await app.CreateAsync("ada", "ada@example.com");
        var first = await TokenAsync(app);

        await AskAsync(app, "ada@example.com");
        await UntilMailsAsync(app, time, 2);

        Assert.Equal((400, "mail_token_invalid"), Outcome(await ResetAsync(app, first)));
        Assert.Equal(204, (await ResetAsync(app, Postbox.TokenOf(_postbox.Mails[1]))).Status);
    }

    [Fact]
    public async Task Forgot_UnknownOrUnusableAddress_AnswersAlikeAndSendsNothing()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ban", "ban@example.com");
        await app.WithUserAsync("ban", static (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        await app.CreateAsync("name@example.com", email: null);
        await app.CreateAsync("ada", "ada@example.com");

        foreach (var address in new[] { "nobody@example.com", "ban@example.com", "name@example.com", "ada@example.com" })
        {
            Assert.Equal((202, string.Empty), await AskAsync(app, address));
        }

        await _postbox.FindAsync(static mail => mail.To == "ada@example.com");
        await Patience.UntilAsync(async () => await WaitingAsync(app) == 0);
        Assert.Single(_postbox.Mails);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("ada@example.com, eve@example.com")]
    [InlineData("ada@example.com\r\nBcc: eve@example.com")]
    public async Task Forgot_NoAddress_IsRefused(string address)
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());

        Assert.Equal((400, "email_invalid"), Outcome(await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { email = address })));
    }

    [Fact]
    public async Task Forgot_ManyAtOnceForOneAddress_OneMailWaits()
    {
        var gate = new TaskCompletionSource();
        _postbox.Before = (_, _) => gate.Task;
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.CreateAsync("ada", "ada@example.com");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(app, "ada@example.com")));

        Assert.Equal(1, await WaitingAsync(app));
        gate.SetResult();
    }

    private static (int Status, string? Code) Outcome(Reply reply) => (reply.Status, reply.Code);

    private static async Task<(int Status, string Body)> AskAsync(GuestApp app, string email)
    {
        var reply = await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { email });
        return (reply.Status, reply.Text);
    }

    private static Task<Reply> ResetAsync(GuestApp app, string token, string password = NewPassword) =>
        app.SendAsync("POST", "/api/v1/auth/reset-password", new { token, new_password = password });

    private static Task<int> WaitingAsync(GuestApp app) => app.WithContextAsync(static context =>
        context.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM countersign_mail WHERE done_at IS NULL").SingleAsync());

    private async Task<string> TokenAsync(GuestApp app)
    {
        await AskAsync(app, "ada@example.com");
        return Postbox.TokenOf(await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ResetPassword));
    }

    /// <summary>Lets time pass until so many mails have come.</summary>
    private Task UntilMailsAsync(GuestApp app, FakeTimeProvider time, int count) => Patience.UntilAsync(() =>
    {
        Assert.NotNull(app);
        time.Advance(TimeSpan.FromSeconds(5));
        return _postbox.Mails.Count >= count;
    });
}
