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

    /// <summary>If the holder was killed, another node takes over after this time.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    /// <summary>How many mails are read at once.</summary>
    private const int BatchSize = 20;

    /// <summary>How many mails are sent at once. So a mail server that hangs for one mail does not stop the others.</summary>
    private const int Parallel = 4;

    private readonly Guid _holder = Guid.CreateVersion7();
    private readonly SemaphoreSlim _free = new(Parallel);

    /// <inheritdoc />
    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!transport.CanSend)
        {
            MailLog.Off(logger);
            return;
        }

        var silent = string.Join(
            ", ",
            Enum.GetValues<AccountMailKind>().Where(kind => kind is not AccountMailKind.Test && !transport.Sends(kind)).Select(MailKinds.NameOf));
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
            for (var place = 0; place < Parallel; place++)
            {
                await _free.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await IsDueAsync(cancellationToken).ConfigureAwait(false))
            {
                var now = clock.Now;
                if (!await leases.SetAsync(Lease, _holder, now + LeaseTime, cancellationToken).ConfigureAwait(false)
                    && !await leases.TryTakeAsync(Lease, _holder, now, now + LeaseTime, now + (2 * LeaseTime), cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                foreach (var mail in await outbox.FindDueAsync(now, BatchSize, cancellationToken).ConfigureAwait(false))
                {
                    await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
                    _ = await TryClaimAsync(mail, cancellationToken).ConfigureAwait(false) is { } attempt
                        ? SendAsync(attempt, cancellationToken)
                        : null;
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MailLog.RoundFailed(logger, exception);
        }
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        var queue = await outbox.FindQueueAsync(cancellationToken).ConfigureAwait(false);
        MailMetrics.Waiting(queue is null ? TimeSpan.Zero : clock.Now - queue.Value.Oldest);
        return queue is { } waiting && waiting.NextDue <= clock.Now;
    }

    /// <summary>Begins an attempt in a place that is taken, and leaves the place if there is none to make.</summary>
    private async Task<MailAttempt?> TryClaimAsync(QueuedMail mail, CancellationToken cancellationToken)
    {
        MailAttempt? attempt = null;
        try
        {
            return attempt = await run.ClaimAsync(mail, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (attempt is null)
            {
                _free.Release();
            }
        }
    }

    /// <summary>Makes an attempt while the worker reads on. It never throws: a mail whose attempt breaks off is due again later.</summary>
    private async Task SendAsync(MailAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            await run.RunAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                MailLog.RoundFailed(logger, exception);
            }
        }
        finally
        {
            _free.Release();
        }
    }
}
