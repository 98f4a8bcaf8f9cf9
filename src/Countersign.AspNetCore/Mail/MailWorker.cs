using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Mail;

/// <summary>
/// Sends the mails of the outbox, on one node at a time: the one that holds the lease. It is woken by a new mail of this process, and looks for those of
/// other nodes every few seconds. While nothing is due, that is one query, and nothing is written.
/// </summary>
internal sealed class MailWorker(
    MailRun run, MailTransport transport, IOutboxStore outbox, ILeaseStore leases, MailSignal signal, SessionClock clock, ILogger<MailWorker> logger)
    : BackgroundService
{
    private const string Lease = "mail";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>If the holder was killed, another node takes over after this time. A batch takes less: it has at most five rounds of 30 seconds.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);

    private readonly Guid _holder = Guid.CreateVersion7();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!transport.CanSend)
        {
            MailLog.Off(logger);
            return;
        }

        var silent = string.Join(", ", Enum.GetValues<AccountMailKind>().Where(kind => !transport.Sends(kind)).Select(MailKinds.NameOf));
        if (silent.Length > 0)
        {
            MailLog.SomeAreNotSent(logger, silent);
        }

        try
        {
            while (true)
            {
                await TryRunAsync(stoppingToken).ConfigureAwait(false);
                await signal.WaitAsync(Pause, clock.Time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await outbox.FindOldestDueAsync(clock.Now, cancellationToken).ConfigureAwait(false) is not null)
            {
                var now = clock.Now;
                if (!await leases.SetAsync(Lease, _holder, now + LeaseTime, cancellationToken).ConfigureAwait(false)
                    && !await leases.TryTakeAsync(Lease, _holder, now, now + LeaseTime, now + (2 * LeaseTime), cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                if (!await run.RunAsync(cancellationToken).ConfigureAwait(false))
                {
                    // Another node may be the next.
                    await leases.SetAsync(Lease, _holder, clock.Now, cancellationToken).ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MailLog.RoundFailed(logger, exception);
        }
    }
}
