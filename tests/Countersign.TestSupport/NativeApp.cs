using System.Runtime.InteropServices;
using Countersign.Harness;

namespace Countersign.TestSupport;

/// <summary>An app that is compiled ahead of time. Every warning is an error, those of that compiler too.</summary>
public static class NativeApp
{
    // The compiler alone keeps a core busy for a minute.
    private static readonly TimeSpan Limit = 4 * Patience.Limit;

    /// <summary>Publishes a project. Skips the test where this can't be done.</summary>
    /// <param name="project">The project's folder in <c>tests</c>.</param>
    /// <param name="output">The folder to write to.</param>
    /// <param name="arguments">Further arguments.</param>
    public static async Task PublishAsync(string project, string output, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The app is compiled ahead of time on Linux only.");
        Assert.SkipUnless(HasTool("clang") || HasTool("gcc"), "Compiling ahead of time needs clang or gcc to link with.");
        var command = new ProcessCommand(
        [
            "dotnet", "publish", Path.Combine(Repository.Root, "tests", project), "--configuration", "Release",
            "--runtime", RuntimeInformation.RuntimeIdentifier, "--output", output, "-p:Aot=true", "-p:BuildProjectReferences=false",
            "-nodeReuse:false", "--nologo", "--verbosity", "quiet", .. arguments,
        ]);
        var (code, written, error) = await command.RunAsync(patience: Limit, cancellationToken: TestContext.Current.CancellationToken);
        written += error;
        Assert.SkipWhen(
            code != 0 && (written.Contains("NU1101", StringComparison.Ordinal) || written.Contains("NU1301", StringComparison.Ordinal)),
            "The compiler's package cannot be had.");
        Assert.True(code == 0, written);
    }

    private static bool HasTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
