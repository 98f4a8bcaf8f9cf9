using Countersign.AspNetCore.Tests.Guest;
using Countersign.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.UI.Services;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Mail;

/// <summary>The worker: what it does when a mail server fails, how often an account gets mail, and who sends it.</summary>
public sealed class MailWorkerTests
{
    private readonly Postbox _postbox = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Send_ServerIsGoneForAnHour_TheMailComesOnceItIsBack()
    {
        await using var app = await StartAsync();
        var attempts = 0;
        var back = _time.GetUtcNow() + TimeSpan.FromHours(1);
        _postbox.Before = (_, _) =>
        {
            attempts++;
            return _time.GetUtcNow() < back ? throw new IOException("The mail server is gone.") : Task.CompletedTask;
        };
        await AskAsync(app);

        await UntilAsync(() => _postbox.Mails.Count == 1, TimeSpan.FromMinutes(1));

        // At once, and 1, 5, 30 and 60 minutes after the attempt before.
        Assert.Equal(5, attempts);
        var token = Postbox.TokenOf(_postbox.Mails[0]);
        Assert.Equal(204, (await app.SendAsync("POST", "/api/v1/auth/reset-password", new { token, new_password = "Another harbour, 9 herons" })).Status);
    }

    [Fact]
    public async Task Send_EveryAttempt_HasTheSameLinkAndId()
    {
        List<(Guid Id, Uri? Link)> seen = [];
        await using var app = await StartAsync();
        _postbox.Before = (mail, _) =>
        {
            seen.Add((mail.Id, mail.Link));
            return seen.Count < 3 ? throw new IOException("The mail server is gone.") : Task.CompletedTask;
        };
        await AskAsync(app);

        await UntilAsync(() => _postbox.Mails.Count == 1, TimeSpan.FromMinutes(1));

        Assert.Equal(3, seen.Count);
        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task Send_ServerIsGoneForADay_TheMailIsDropped()
    {
        await using var app = await StartAsync();
        var last = _time.GetUtcNow();
        _postbox.Before = (_, _) =>
        {
            last = _time.GetUtcNow();
            throw new IOException("The mail server is gone.");
        };
        var began = _time.GetUtcNow();
        await AskAsync(app);

        await UntilAsync(async () => await WaitingAsync(app) == 0, TimeSpan.FromMinutes(20));

        Assert.InRange(last - began, TimeSpan.FromHours(18), TimeSpan.FromHours(24));
        Assert.Contains(app.Log.Lines, static line => line.Text.Contains("could not be sent for a day", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_Rejected_IsNotTriedAgain()
    {
        await using var app = await StartAsync();
        var attempts = 0;
        _postbox.Before = (_, _) =>
        {
            attempts++;
            throw new MailRejectedException("550 5.1.1 No such mailbox");
        };
        await AskAsync(app);

        await UntilAsync(async () => await WaitingAsync(app) == 0, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, attempts);
        Assert.Contains(app.Log.Lines, static line => line.Text.Contains("550 5.1.1 No such mailbox", StringComparison.Ordinal));
    }

    /// <summary>A mail server that hangs for one mail does not keep the others.</summary>
    [Fact]
    public async Task Send_OneHangs_TheOthersGo()
    {
        await using var app = await StartAsync();
        var gate = new TaskCompletionSource();
        await app.CreateAsync("eve", "eve@example.com");
        _postbox.Before = (mail, _) => mail.To == "ada@example.com" ? gate.Task : Task.CompletedTask;
        foreach (var address in new[] { "ada@example.com", "eve@example.com" })
        {
            await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { email = address });
        }

        await UntilAsync(() => _postbox.Mails.Count == 1, TimeSpan.FromSeconds(5));
        Assert.Equal("eve@example.com", _postbox.Mails[0].To);
        gate.SetResult();
        await UntilAsync(() => _postbox.Mails.Count == 2, TimeSpan.FromSeconds(5));
    }

    /// <summary>One a minute, the later ones wait; five in an hour, the later ones are dropped.</summary>
    [Fact]
    public async Task Send_ManyToOneAccount_OneAMinuteAndFiveAnHour()
    {
        List<DateTimeOffset> sent = [];
        await using var app = await StartAsync();
        _postbox.Before = (_, _) =>
        {
            sent.Add(_time.GetUtcNow());
            return Task.CompletedTask;
        };

        for (var request = 0; request < 40; request++)
        {
            await AskAsync(app);
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await UntilAsync(async () => await WaitingAsync(app) == 0, TimeSpan.FromSeconds(10));
        Assert.Equal(5, sent.Count);
        Assert.All(sent.Zip(sent.Skip(1)), static pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMinutes(1)));
    }

    /// <summary>What a row looks like whose writer had no request and whose kind a newer version has made.</summary>
    [Fact]
    public async Task Send_KindOfANewerVersion_IsDropped()
    {
        await using var app = await StartAsync();
        await app.WithContextAsync(static context => context.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO countersign_mail (id, kind, user_id, created_at, due_at, attempts)
             VALUES ({Guid.CreateVersion7().ToString().ToUpperInvariant()}, 'later', 'x', 0, 0, 0)
             """));

        await UntilAsync(async () => await WaitingAsync(app) == 0, TimeSpan.FromSeconds(5));
        Assert.Empty(_postbox.Mails);
    }

    [Fact]
    public async Task Routes_NothingSendsMail_AreNotMappedAndTheStartSaysSo()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup { Countersign = static options => options.Registration = Registration.Open });

        foreach (var route in new[] { "forgot-password", "reset-password", "resend-confirmation", "confirm-email" })
        {
            Assert.Equal(404, (await app.SendAsync("POST", $"/api/v1/auth/{route}", new { })).Status);
        }

        Assert.Equal(201, (await app.RegisterAsync("ada@example.com")).Status);
        Assert.Contains(app.Log.Lines, static line => line.Text.Contains("Countersign sends no mail", StringComparison.Ordinal));
    }

    /// <summary>What <c>MapIdentityApi</c> registers for an app without a sender sends nothing.</summary>
    [Fact]
    public async Task Start_IdentitysEmptySender_CountsAsNone()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Services = static services => services.AddIdentityApiEndpoints<GuestUser>().AddEntityFrameworkStores<GuestContext>(),
        });

        Assert.Equal(404, (await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { })).Status);
    }

    /// <summary>An app that has a sender for its own pages, and adds Countersign, starts as before.</summary>
    [Fact]
    public async Task Start_IdentitysSenderOfTheAppWithoutPages_StaysForTheAppsPagesAlone()
    {
        var sender = new IdentitySender();
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Services = services => services.AddSingleton<IEmailSender<GuestUser>>(sender),
            Countersign = static options => options.Registration = Registration.Open,
        });

        Assert.Equal(404, (await app.SendAsync("POST", "/api/v1/auth/forgot-password", new { })).Status);
        Assert.Equal(201, (await app.RegisterAsync("ada@example.com")).Status);
        Assert.Empty(sender.Sent);
    }

    [Fact]
    public async Task Start_IdentitysSenderOfTheApp_CarriesItsMailsAndTheStartListsTheOthers()
    {
        var sender = new IdentitySender();
        var setup = _postbox.Setup();
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Services = services => services.AddSingleton<IEmailSender<GuestUser>>(sender),
            Countersign = setup.Countersign,
        });
        await app.CreateAsync("ada", "ada@example.com");

        await AskAsync(app);
        await Patience.UntilAsync(() => sender.Sent.Count == 1);

        var (user, to, link) = sender.Sent[0];
        Assert.Equal(("ada", "ada@example.com"), (user, to));
        Assert.Equal(204, (await app.SendAsync(
            "POST", "/api/v1/auth/reset-password", new { token = link.Split("#token=")[1], new_password = "Another harbour, 9 herons" })).Status);
        Assert.Contains(app.Log.Lines, static line => line.Text.Contains("account_exists, password_changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Auth:Mail:Host", "mail.example.com", "add the package Countersign.Mail")]
    [InlineData("Auth:Users:RequireConfirmedEmail", "true", "Auth:Users:RequireConfirmedEmail needs a way to send mail")]
    public async Task Start_SettingThatNothingCanFulfil_Fails(string key, string value, string message)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value, ["Auth:Mail:From"] = "a@example.com" };

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(new GuestSetup { Settings = settings }));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MailWithoutPages_FailsAndNamesBoth()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(new GuestSetup
        {
            Services = services => services.AddSingleton<IAccountMail>(_postbox),
        }));

        Assert.Contains("Auth:Mail:Links:ConfirmEmail", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Auth:Mail:Links:ResetPassword", fault.Message, StringComparison.Ordinal);
    }

    private static Task AskAsync(GuestApp app) => app.SendAsync("POST", "/api/v1/auth/forgot-password", new { email = "ada@example.com" });

    private static Task<int> WaitingAsync(GuestApp app) => app.WithContextAsync(static context =>
        context.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM countersign_mail WHERE done_at IS NULL").SingleAsync());

    private async Task<GuestApp> StartAsync()
    {
        var app = await GuestApp.StartAsync(_postbox.Setup(time: _time));
        await app.CreateAsync("ada", "ada@example.com");
        return app;
    }

    private Task UntilAsync(Func<bool> condition, TimeSpan step) => UntilAsync(() => Task.FromResult(condition()), step);

    /// <summary>Lets time pass in steps until a condition holds.</summary>
    private Task UntilAsync(Func<Task<bool>> condition, TimeSpan step) => Patience.UntilAsync(async () =>
    {
        if (await condition())
        {
            return true;
        }

        _time.Advance(step);
        return false;
    });

    private sealed class IdentitySender : IEmailSender<GuestUser>
    {
        public List<(string? User, string To, string Link)> Sent { get; } = [];

        public Task SendConfirmationLinkAsync(GuestUser user, string email, string confirmationLink) => Task.CompletedTask;

        public Task SendPasswordResetLinkAsync(GuestUser user, string email, string resetLink)
        {
            Sent.Add((user.UserName, email, resetLink));
            return Task.CompletedTask;
        }

        public Task SendPasswordResetCodeAsync(GuestUser user, string email, string resetCode) => throw new NotSupportedException();
    }
}
