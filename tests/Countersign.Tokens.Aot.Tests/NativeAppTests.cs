using System.Reflection;
using System.Runtime.InteropServices;
using Countersign.Harness;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Aot.Tests;

/// <summary>The package in an app that is compiled ahead of time, every warning of trimming and compiling an error.</summary>
public sealed class NativeAppTests
{
    // The compiler alone keeps a core busy for a minute.
    private static readonly TimeSpan CompileLimit = 4 * Patience.Limit;

    [Fact]
    [Trait(Suite.Name, Suite.All)]
    public async Task Publish_AppOverAllAlgorithms_CompilesWithoutWarningAndRuns()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The app is compiled ahead of time on Linux only.");
        Assert.SkipUnless(HasTool("clang") || HasTool("gcc"), "Compiling ahead of time needs clang or gcc to link with.");
        var folder = Directory.CreateTempSubdirectory("countersign-aot-");
        try
        {
            var (code, output) = await RunAsync(
                "dotnet", "publish", Path.Combine(Repository.Root, "tests", "Countersign.Tokens.Aot"),
                "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier, "--output", folder.FullName, "-p:Aot=true",
                "-p:BuildProjectReferences=false", "-nodeReuse:false", "--nologo", "--verbosity", "quiet");
            Assert.SkipWhen(
                code != 0 && (output.Contains("NU1101", StringComparison.Ordinal) || output.Contains("NU1301", StringComparison.Ordinal)),
                "The compiler's package cannot be had.");
            Assert.True(code == 0, output);

            var (ran, lines) = await RunAsync(Path.Combine(folder.FullName, "Countersign.Tokens.Aot"));

            Assert.True(ran == 0, lines);
            Assert.Equal(SignatureAlgorithm.All.Select(algorithm => $"{algorithm.Name} ok"), lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Package_IsMarkedAsTrimmableAndCompatible()
    {
        var marks = typeof(TokenValidator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .ToDictionary(mark => mark.Key, mark => mark.Value, StringComparer.Ordinal);

        Assert.Equal("True", marks["IsTrimmable"]);
        Assert.Equal("True", marks["IsAotCompatible"]);
    }

    private static bool HasTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    private static async Task<(int Code, string Output)> RunAsync(params string[] line)
    {
        var (code, output, error) = await new ProcessCommand(line).RunAsync(patience: CompileLimit, cancellationToken: TestContext.Current.CancellationToken);
        return (code, output + error);
    }
}
