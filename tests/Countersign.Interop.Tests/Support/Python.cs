using System.Text.Json;

namespace Countersign.Interop.Tests.Support;

/// <summary>The original's libraries, as the operating system packages them. Debian's own interpreter: another one on the path does not see them.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";
    private static readonly Lazy<Task<bool>> Present = new(FindAsync);
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "python", "interop.py");

    /// <summary>Skips the test where the libraries are not installed.</summary>
    public static async Task RequireAsync() =>
        Assert.SkipUnless(await Present.Value, "python3-jose, python3-jwt, python3-passlib and python3-bcrypt are not all installed.");

    /// <summary>Runs operations of the script in one process.</summary>
    /// <returns>A value, or the name of the exception, for each.</returns>
    public static async Task<PythonAnswer[]> RunAsync(params object[] operations)
    {
        var answers = await Tool.AskAsync(Interpreter, [Script], new { operations });
        return [.. answers.EnumerateArray().Select(answer => new PythonAnswer(answer))];
    }

    private static async Task<bool> FindAsync() =>
        File.Exists(Interpreter) && (await Tool.RunAsync(Interpreter, ["-c", "import jose, jwt, passlib, bcrypt"], string.Empty)).ExitCode == 0;
}

/// <summary>What one operation gave.</summary>
internal sealed class PythonAnswer(JsonElement answer)
{
    /// <summary>The name of the exception that it threw; null if it gave a value.</summary>
    public string? Error { get; } = answer.TryGetProperty("error", out var error) ? error.GetString() : null;

    /// <summary>The value.</summary>
    public JsonElement Value => Error is null ? answer.GetProperty("value") : throw new InvalidOperationException($"Python threw {Error}.");

    /// <summary>The value, a text.</summary>
    public string Text => Value.GetString()!;

    /// <summary>The value, a truth.</summary>
    public bool IsTrue => Value.GetBoolean();
}
