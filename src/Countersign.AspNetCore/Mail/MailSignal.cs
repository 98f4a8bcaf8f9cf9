namespace Countersign.AspNetCore.Mail;

/// <summary>Wakes the worker of this process when a mail was added. Signals that come while it works are one.</summary>
internal sealed class MailSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <summary>Wakes the worker.</summary>
    public void Set()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already, or about to be.
        }
    }

    /// <summary>Waits for a signal, at most as long as given.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signal = _signal.WaitAsync(waiting.Token);
        await Task.WhenAny(signal, Task.Delay(longest, time, waiting.Token)).ConfigureAwait(false);

        // Ends what is still waiting. A signal that came at the same moment is taken.
        await waiting.CancelAsync().ConfigureAwait(false);
        await ((Task)signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc />
    public void Dispose() => _signal.Dispose();
}
