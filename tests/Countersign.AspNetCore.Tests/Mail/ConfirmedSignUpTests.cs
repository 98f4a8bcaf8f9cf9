using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.AspNetCore.Tests.Guest;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Mail;

/// <summary>Sign-up where a login needs a confirmed address: the answer tells nothing, and only who has the mail and knows the password gets in.</summary>
public sealed class ConfirmedSignUpTests
{
    private const string OwnersPassword = "The owner's harbour, 7 herons";
    private const string StrangersPassword = "A stranger's harbour, 7 herons";

    private readonly Postbox _postbox = new();

    [Fact]
    public async Task Register_NewAddress_MailsALinkThatConfirmsWithThePassword()
    {
        await using var app = await StartAsync();
        Assert.Equal((202, string.Empty), Answer(await app.RegisterAsync("ada@example.com")));

        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ConfirmEmail);
        Assert.Equal(("ada@example.com", TimeSpan.FromDays(3)), (mail.To, mail.LinkLifetime));
        Assert.Equal((400, "email_unconfirmed"), Outcome(await app.LoginAsync("ada@example.com")));
        Assert.Equal(204, (await ConfirmAsync(app, mail)).Status);
        Assert.Equal(200, (await app.LoginAsync("ada@example.com")).Status);
    }

    [Fact]
    public async Task Confirm_SameTokenAgain_SameAnswer()
    {
        await using var app = await StartAsync();
        await app.RegisterAsync("ada@example.com");
        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ConfirmEmail);
        Assert.Equal(204, (await ConfirmAsync(app, mail)).Status);

        Assert.Equal(204, (await ConfirmAsync(app, mail)).Status);
    }

    [Fact]
    public async Task Confirm_WrongPassword_LeavesTheTokenGoodUntilTheFifth()
    {
        await using var app = await StartAsync();
        await app.RegisterAsync("ada@example.com");
        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ConfirmEmail);

        // Many at once may find the password engine busy. Such a guess is not compared and does not count.
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => ConfirmAsync(app, mail, $"guess {index} of a harbour")));
        var compared = replies.Count(static reply => Outcome(reply) == (400, "invalid_credentials"));
        while (Outcome(await ConfirmAsync(app, mail, "one more guess of a harbour")) == (400, "invalid_credentials"))
        {
            compared++;
        }

        Assert.Equal(5, compared);
        Assert.Equal((400, "mail_token_invalid"), Outcome(await ConfirmAsync(app, mail)));
    }

    [Fact]
    public async Task Confirm_RightPasswordAfterFourWrongOnes_Confirms()
    {
        await using var app = await StartAsync();
        await app.RegisterAsync("ada@example.com");
        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ConfirmEmail);
        for (var guess = 0; guess < 4; guess++)
        {
            Assert.Equal((400, "invalid_credentials"), Outcome(await ConfirmAsync(app, mail, "a guess of a harbour")));
        }

        Assert.Equal(204, (await ConfirmAsync(app, mail)).Status);
    }

    [Fact]
    public async Task Register_ConfirmedAddress_MailsItsOwnerAndChangesNothing()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ada", "ada@example.com");
        await app.WithUserAsync("ada", static async (manager, user) =>
            await manager.ConfirmEmailAsync(user, await manager.GenerateEmailConfirmationTokenAsync(user)));

        Assert.Equal((202, string.Empty), Answer(await app.RegisterAsync("ada@example.com", StrangersPassword)));

        var mail = await _postbox.FindAsync(static _ => true);
        Assert.Equal((AccountMailKind.AccountExists, null), (mail.Kind, mail.Link));
        Assert.Equal(200, (await app.LoginAsync("ada")).Status);
        Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ada", StrangersPassword)));
    }

    /// <summary>A stranger signs up with the owner's address before, between and after the owner. Nobody but the owner ever gets in.</summary>
    [Fact]
    public async Task Register_SquatterBeforeBetweenAndAfter_OnlyTheOwnerEverLogsIn()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await StartAsync(time);
        Assert.Equal(202, (await app.RegisterAsync("owner@example.com", StrangersPassword)).Status);
        var strangers = await NextMailAsync(time, 1);
        Assert.Equal(202, (await app.RegisterAsync("owner@example.com", OwnersPassword)).Status);

        // The stranger's sign-up is over: its mail is void, even for the owner.
        Assert.Equal((400, "mail_token_invalid"), Outcome(await ConfirmAsync(app, strangers, OwnersPassword)));
        var owners = await NextMailAsync(time, 2);
        Assert.Equal(202, (await app.RegisterAsync("owner@example.com", StrangersPassword)).Status);
        var last = await NextMailAsync(time, 3);
        Assert.Equal((400, "mail_token_invalid"), Outcome(await ConfirmAsync(app, owners, OwnersPassword)));
        Assert.Equal((400, "invalid_credentials"), Outcome(await ConfirmAsync(app, last, OwnersPassword)));
        foreach (var password in new[] { StrangersPassword, OwnersPassword })
        {
            Assert.Equal(400, (await app.LoginAsync("owner@example.com", password)).Status);
        }

        // The way that always works for the owner, and for nobody else.
        await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { email = "owner@example.com" });
        var reset = await NextMailAsync(time, 4);
        Assert.Equal(202, (await app.RegisterAsync("owner@example.com", StrangersPassword)).Status);
        Assert.Equal(
            204,
            (await app.SendAsync("POST", "/api/v1/auth/reset-password", new { token = Postbox.TokenOf(reset), new_password = OwnersPassword })).Status);
        Assert.Equal(200, (await app.LoginAsync("owner@example.com", OwnersPassword)).Status);
        Assert.Equal(202, (await app.RegisterAsync("owner@example.com", StrangersPassword)).Status);
        Assert.Equal(400, (await app.LoginAsync("owner@example.com", StrangersPassword)).Status);
        Assert.Equal(200, (await app.LoginAsync("owner@example.com", OwnersPassword)).Status);
    }

    /// <summary>
    /// The owner confirms at the moment at which a stranger signs up again. What is confirmed must be the owner's password, and never the stranger's.
    /// </summary>
    [Fact]
    public async Task Confirm_WhileAStrangerSignsUpAgain_NeverConfirmsTheStrangersPassword()
    {
        await using var app = await StartAsync();
        var confirmed = 0;
        for (var round = 0; round < Suite.Count(usual: 20, all: 200); round++)
        {
            var email = $"owner{round}@example.com";
            await app.RegisterAsync(email, OwnersPassword);
            var mail = await _postbox.FindAsync(mail => mail.To == email);

            var answers = await Task.WhenAll(ConfirmAsync(app, mail, OwnersPassword), app.RegisterAsync(email, StrangersPassword));

            Assert.Equal(202, answers[1].Status);
            Assert.NotEqual(200, (await app.LoginAsync(email, StrangersPassword)).Status);
            confirmed += (await app.LoginAsync(email, OwnersPassword)).Status == 200 ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"{confirmed} owners were confirmed");
    }

    [Fact]
    public async Task Notice_ToAnUnconfirmedAddress_IsHeldToTheLimits()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());
        await app.RegisterAsync("victim@example.com");
        var (current, next) = (GuestApp.Password, string.Empty);
        for (var change = 0; change < 4; change++)
        {
            var login = await app.LoginAsync("victim@example.com", current);
            next = $"Another harbour, {change} herons";
            var changed = await app.SendAsync(
                "POST",
                "/api/v1/auth/change-password",
                new { current_password = current, new_password = next },
                login.Json.GetProperty("access_token").GetString());
            Assert.Equal(200, changed.Status);
            current = next;
        }

        await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.PasswordChanged);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Single(_postbox.Mails, static mail => mail.Kind == AccountMailKind.PasswordChanged);
    }

    /// <summary>Known, unknown and unconfirmed addresses: the same answer for the same number of database commands.</summary>
    [Fact]
    public async Task Register_EveryKindOfAddress_TakesTheSameCommands()
    {
        var statements = new RequestStatements();
        await using var app = await StartAsync(statements: statements);
        await app.CreateAsync("confirmed@example.com", "confirmed@example.com");
        await app.WithUserAsync("confirmed@example.com", static async (manager, user) =>
            await manager.ConfirmEmailAsync(user, await manager.GenerateEmailConfirmationTokenAsync(user)));
        await app.CreateAsync("open@example.com", "open@example.com");
        await app.CreateAsync("lost", "lock@example.com");
        await app.WithUserAsync("lost", static (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        await app.RegisterAsync("warm@example.com");

        foreach (var (path, body) in new (string, Func<string, object>)[]
        {
            ("register", static email => new { email, password = StrangersPassword }),
            ("forgot-password", static email => new { email }),
            ("resend-confirmation", static email => new { email }),
        })
        {
            Dictionary<string, string> seen = [];
            foreach (var address in new[] { "new@example.com", "confirmed@example.com", "open@example.com", "lock@example.com" })
            {
                statements.Clear();
                var reply = await app.SendAsync("POST", $"/api/v1/auth/{path}", body(address));
                Assert.Equal((202, string.Empty), Answer(reply));
                seen[address] = statements.Count();
            }

            Assert.True(seen.Values.Distinct().Count() == 1, $"{path}: {string.Join(", ", seen)}");
            Assert.NotEqual("0 reads, 0 writes", seen.Values.First());
        }
    }

    [Fact]
    public async Task Resend_UnconfirmedAddress_SendsAnotherMailAndVoidsTheFirst()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await StartAsync(time);
        await app.RegisterAsync("ada@example.com");
        var first = await NextMailAsync(time, 1);

        Assert.Equal(202, (await app.SendAsync("POST", "/api/v1/auth/resend-confirmation", new { email = "ada@example.com" })).Status);
        var second = await NextMailAsync(time, 2);

        Assert.Equal((400, "mail_token_invalid"), Outcome(await ConfirmAsync(app, first)));
        Assert.Equal(204, (await ConfirmAsync(app, second)).Status);
    }

    /// <summary>Without a required confirmation, sign-up answers as before, and the mail comes all the same.</summary>
    [Fact]
    public async Task Register_ConfirmationNotRequired_AnswersAsEverAndMails()
    {
        await using var app = await GuestApp.StartAsync(_postbox.Setup());

        Assert.Equal(201, (await app.RegisterAsync("ada@example.com")).Status);
        Assert.Equal((409, "email_taken"), Outcome(await app.RegisterAsync("ada@example.com")));
        Assert.Equal(200, (await app.LoginAsync("ada@example.com")).Status);
        var mail = await _postbox.FindAsync(static mail => mail.Kind == AccountMailKind.ConfirmEmail);
        Assert.Equal(204, (await ConfirmAsync(app, mail)).Status);
        Assert.True(await app.WithUserAsync("ada@example.com", static (manager, user) => manager.IsEmailConfirmedAsync(user)));
        Assert.Single(_postbox.Mails);
    }

    private static (int Status, string? Code) Outcome(Reply reply) => (reply.Status, reply.Code);

    private static (int Status, string Text) Answer(Reply reply) => (reply.Status, reply.Text);

    private static Task<Reply> ConfirmAsync(GuestApp app, AccountMail mail, string password = GuestApp.Password) =>
        app.SendAsync("POST", "/api/v1/auth/confirm-email", new { token = Postbox.TokenOf(mail), password });

    private Task<GuestApp> StartAsync(FakeTimeProvider? time = null, RequestStatements? statements = null)
    {
        var setup = _postbox.Setup(static options => ((CountersignOptions<GuestUser>)options).Users.RequireConfirmedEmail = true, time);
        return GuestApp.StartAsync(statements is null ? setup : statements.Watch(setup));
    }

    /// <summary>Lets time pass until so many mails have come: a second mail to one account waits a minute.</summary>
    private async Task<AccountMail> NextMailAsync(FakeTimeProvider time, int count)
    {
        await Patience.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return _postbox.Mails.Count >= count;
        });
        return _postbox.Mails[count - 1];
    }
}
