using System.Diagnostics;
using System.Globalization;

namespace Countersign.Harness;

/// <summary>A program with its arguments, and how it is started.</summary>
/// <param name="line">The program, and its arguments.</param>
public sealed class ProcessCommand(IReadOnlyList<string> line)
{
    private static readonly string[] SettingPrefixes = ["Auth__", "ASPNETCORE_", "ConnectionStrings__"];

    private static readonly string[] OtherSettings =
    [
        "SECRET_KEY", "ALGORITHM", "ACCESS_TOKEN_EXPIRE_MINUTES", "REFRESH_TOKEN_EXPIRE_DAYS", "API_V1_PREFIX", "DOTNET_ENVIRONMENT", "URLS",
    ];

    /// <summary>Its working directory; empty for that of this process.</summary>
    public string Folder { get; init; } = string.Empty;

    /// <summary>Environment variables in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The only core that it may run on; null for any.</summary>
    public int? Core { get; init; }

    /// <summary>Starts it with all three streams redirected.</summary>
    public Process Start()
    {
        string[] command = Core is { } core ? ["taskset", "-c", core.ToString(CultureInfo.InvariantCulture), .. line] : [.. line];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A server gets its settings only from the run that starts it, not from the machine.
        foreach (string name in info.Environment.Keys.Where(IsServerSetting).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">The text for standard input; null for nothing.</param>
    /// <param name="patience">The time after which it is killed; null for never.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string? input = null, TimeSpan? patience = null, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience ?? Timeout.InfiniteTimeSpan);
        using var process = Start();
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs it to its end. The exit code must be 0.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code; the message is its standard error.</exception>
    public async Task<string> RunOrThrowAsync(TimeSpan? patience = null)
    {
        var (exitCode, output, error) = await RunAsync(patience: patience);
        return exitCode == 0 ? output : throw new InvalidOperationException($"'{string.Join(' ', line)}' ended with {exitCode}: {error.Trim()}");
    }

    private static bool IsServerSetting(string name) =>
        SettingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) || OtherSettings.Contains(name, StringComparer.Ordinal);
}
