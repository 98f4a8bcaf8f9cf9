using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;

namespace Countersign.AspNetCore.Mail;

/// <summary>Puts mails into the queue. One call is one statement, and wakes the worker of this process.</summary>
internal sealed class Outbox(IOutboxStore store, MailTransport transport, MailSignal signal, SessionClock clock)
{
    /// <summary>How long a mail waits whose reason is not certain yet. A request that has not released it by then has failed.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    /// <summary>Whether mails can be sent.</summary>
    public bool IsOn => transport.CanSend;

    /// <summary>Adds a mail for an address, whether it has an account or not. If one for it waits already, nothing is added.</summary>
    /// <param name="kind">The kind: <see cref="MailKinds"/>.</param>
    /// <param name="address">The address that was sent, in the one spelling that stands for all.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task AddAsync(string kind, string address, MailRequest request, CancellationToken cancellationToken)
    {
        await store.AddAsync(New(kind, request, clock.Now) with { Address = address }, KeyOf(kind, address), cancellationToken).ConfigureAwait(false);
        signal.Set();
    }

    /// <summary>
    /// Adds the mail of a sign-up before the account is saved, so that no crash can leave an account without it. It waits until
    /// <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <returns>The mail's id.</returns>
    public async Task<Guid> HoldAsync(string kind, string address, MailRequest request, CancellationToken cancellationToken)
    {
        var mail = New(kind, request, clock.Now + Hold) with { Address = address };
        await store.AddAsync(mail, KeyOf(kind, address), cancellationToken).ConfigureAwait(false);
        return mail.Id;
    }

    /// <summary>The reason of a mail is saved now.</summary>
    public async Task ReleaseAsync(Guid mail)
    {
        await store.ReleaseAsync(mail, clock.Now, CancellationToken.None).ConfigureAwait(false);
        signal.Set();
    }

    /// <summary>Removes a mail whose reason did not come true.</summary>
    public Task DropAsync(Guid mail) => store.CloseAsync(mail, MailOutcome.Dropped, account: null, clock.Now, error: null, CancellationToken.None);

    /// <summary>Adds a notice to the owner of an account. The change that it tells is saved already, so this is not cancelled.</summary>
    public async Task NotifyAsync(AccountMailKind kind, string userId, MailRequest request)
    {
        if (transport.Sends(kind))
        {
            await store.AddAsync(New(MailKinds.NameOf(kind), request, clock.Now) with { UserId = userId }, key: null, CancellationToken.None)
                .ConfigureAwait(false);
            signal.Set();
        }
    }

    private QueuedMail New(string kind, MailRequest request, DateTimeOffset due) => new()
    {
        Id = Guid.CreateVersion7(clock.Now),
        Kind = kind,
        Culture = request.Culture,
        Network = request.Network,
        Device = request.Device,
        CreatedAt = clock.Now,
        DueAt = due,
    };

    /// <summary>One waiting mail for each kind and address. A digest, because an address can be longer than an index should be.</summary>
    private static string KeyOf(string kind, string addressKey) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{addressKey.ToUpperInvariant()}")));
}
