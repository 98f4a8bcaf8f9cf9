using System.Diagnostics;
using System.Text.Json;

namespace Countersign.Interop.Tests.Support;

/// <summary>A program of somebody else's that reads JSON and writes JSON.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end, and reads what it wrote.</summary>
    public static async Task<JsonElement> AskAsync(string program, string[] arguments, object question, string? workingDirectory = null)
    {
        var (exitCode, output, error) = await RunAsync(program, arguments, JsonSerializer.Serialize(question), workingDirectory);
        Assert.True(exitCode == 0, $"{Path.GetFileName(program)} ended with {exitCode}: {error}");
        return JsonElement.Parse(output);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string[] arguments, string input, string? workingDirectory = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience.Limit);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? string.Empty,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
