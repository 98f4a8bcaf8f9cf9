using System.Diagnostics;
using System.Globalization;

namespace Countersign.Harness;

/// <summary>A process that runs until it is stopped or killed. Its output is read at once, so a full pipe never blocks it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly int _keptLines;
    private readonly Queue<(string Text, bool IsError)> _lines = new();
    private (string Beginning, TaskCompletionSource Written)? _awaited;

    private ChildProcess(Process process, int keptLines)
    {
        (_process, _keptLines) = (process, keptLines);
        process.OutputDataReceived += (_, line) => Keep(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, isError: true);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Output => Lines(static line => !line.IsError);

    /// <summary>The lines of standard error so far.</summary>
    public IReadOnlyList<string> Error => Lines(static line => line.IsError);

    /// <summary>The lines of both, in the order of their arrival.</summary>
    public string Log => string.Join('\n', Lines(static _ => true));

    /// <summary>Starts a process.</summary>
    /// <param name="command">The command.</param>
    /// <param name="keptLines">How many of its last lines are kept.</param>
    public static ChildProcess Start(ProcessCommand command, int keptLines = int.MaxValue) => new(command.Start(), keptLines);

    /// <summary>Waits until it has written a line to standard output with this beginning.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task WaitForLineAsync(string beginning, TimeSpan patience)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _awaited = (beginning, written);
            if (Output.Any(line => line.StartsWith(beginning, StringComparison.Ordinal)))
            {
                return;
            }
        }

        await Task.WhenAny(written.Task, _process.WaitForExitAsync()).WaitAsync(patience);
        if (!written.Task.IsCompleted)
        {
            throw new InvalidOperationException($"The process ended: {string.Join('\n', Error)}");
        }
    }

    /// <summary>Sends SIGTERM, like an orchestrator, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(patience);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGKILL and does not wait.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Kills it if it still runs. No process is left when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private List<string> Lines(Predicate<(string Text, bool IsError)> isMeant)
    {
        lock (_lock)
        {
            return [.. _lines.Where(line => isMeant(line)).Select(static line => line.Text)];
        }
    }

    private void Keep(string? line, bool isError)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue((line, isError));
            if (_lines.Count > _keptLines)
            {
                _lines.Dequeue();
            }

            if (!isError && _awaited is { } awaited && line.StartsWith(awaited.Beginning, StringComparison.Ordinal))
            {
                awaited.Written.TrySetResult();
            }
        }
    }
}
