using System.Collections.Concurrent;
using Countersign.AspNetCore;

namespace Countersign.Testing;

/// <summary>Takes the mails of an app under test, so that none leaves the process. It stands in the place of the app's <see cref="IAccountMail"/>.</summary>
public sealed class TestMailbox : IAccountMail
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<AccountMail> _mails = [];

    /// <summary>The mails that have come, the oldest first.</summary>
    public IReadOnlyList<AccountMail> Mails => [.. _mails];

    /// <summary>Waits for the newest mail of a kind to an address. Mails are sent by a worker, some milliseconds after the request has answered.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="to">The address; letters of both cases are the same.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">No such mail has come for 30 seconds.</exception>
    public async Task<AccountMail> WaitForAsync(AccountMailKind kind, string to, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (_mails.LastOrDefault(mail => mail.Kind == kind && string.Equals(mail.To, to, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"No mail {kind} has come for {to}. There are: {string.Join(", ", _mails)}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the token in the link of a mail, which a page posts.</summary>
    /// <param name="mail">The mail.</param>
    /// <exception cref="ArgumentException">The mail has no link with a token.</exception>
    public static string TokenOf(AccountMail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        const string Prefix = "#token=";
        return mail.Link is { } link && link.Fragment.StartsWith(Prefix, StringComparison.Ordinal)
            ? link.Fragment[Prefix.Length..]
            : throw new ArgumentException("The mail has no link with a token.", nameof(mail));
    }

    /// <inheritdoc />
    Task IAccountMail.SendAsync(AccountMail mail, CancellationToken cancellationToken)
    {
        _mails.Enqueue(mail);
        return Task.CompletedTask;
    }
}
