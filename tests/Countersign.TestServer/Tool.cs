using System.Text.Json;
using Countersign.Harness;

namespace Countersign.TestServer;

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
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, string[] arguments, string input, string? workingDirectory = null)
    {
        var command = new ProcessCommand([program, .. arguments]) { Folder = workingDirectory ?? string.Empty };
        return command.RunAsync(input, Patience.Limit, TestContext.Current.CancellationToken);
    }
}
