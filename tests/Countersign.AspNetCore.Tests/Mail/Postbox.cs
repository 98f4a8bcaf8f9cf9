using System.Collections.Concurrent;
using Countersign.AspNetCore.Tests.Guest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Mail;

/// <summary>Takes the mails of an app under test. It can refuse them, or hang, as a mail server does.</summary>
internal sealed class Postbox : IAccountMail
{
    private readonly ConcurrentQueue<AccountMail> _mails = [];

    /// <summary>Runs before a mail is taken; null for nothing.</summary>
    public Func<AccountMail, CancellationToken, Task>? Before { get; set; }

    public IReadOnlyList<AccountMail> Mails => [.. _mails];

    /// <summary>The token in the link of a mail.</summary>
    public static string TokenOf(AccountMail mail) => mail.Link!.Fragment["#token=".Length..];

    /// <summary>An app whose mails come here.</summary>
    /// <param name="configure">Further options.</param>
    /// <param name="time">A told clock; null for the system's.</param>
    /// <param name="map">Maps the routes; null for all of them.</param>
    /// <param name="settings">Configuration; null for none.</param>
    public GuestSetup Setup(
        Action<CountersignOptions>? configure = null,
        FakeTimeProvider? time = null,
        Action<WebApplication>? map = null,
        IReadOnlyDictionary<string, string?>? settings = null) => new()
    {
        Map = map,
        Settings = settings ?? new Dictionary<string, string?>(StringComparer.Ordinal),
        Services = services =>
        {
            services.AddSingleton<IAccountMail>(this);
            if (time is not null)
            {
                services.AddSingleton<TimeProvider>(time);
            }
        },
        Countersign = options =>
        {
            options.Registration = Registration.Open;
            options.Mail.Links.ConfirmEmail = "https://app.example.com/confirm";
            options.Mail.Links.ResetPassword = "https://app.example.com/reset";
            options.Limits.MailsPerNetworkPerMinute = 1000;
            options.Limits.RegistrationsPerNetworkPerMinute = 1000;
            configure?.Invoke(options);
        },
    };

    /// <summary>Waits for the first mail, or one of the next, that meets a condition.</summary>
    public async Task<AccountMail> FindAsync(Func<AccountMail, bool> isMeant)
    {
        await Patience.UntilAsync(() => _mails.Any(isMeant));
        return _mails.Last(isMeant);
    }

    public async Task SendAsync(AccountMail mail, CancellationToken cancellationToken)
    {
        if (Before is { } before)
        {
            await before(mail, cancellationToken);
        }

        _mails.Enqueue(mail);
    }
}
