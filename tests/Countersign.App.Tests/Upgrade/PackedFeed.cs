using System.Globalization;
using Countersign.Harness;

namespace Countersign.App.Tests.Upgrade;

/// <summary>
/// A folder with the packages that an app needs, as a developer gets them from a feed. They are packed from what this test was built with, so they are never
/// older than it.
/// </summary>
internal static class PackedFeed
{
    private static readonly string[] Packages =
    [
        "Countersign.App", "Countersign.AspNetCore", "Countersign.Bearer", "Countersign.EntityFrameworkCore", "Countersign.Passwords", "Countersign.Sessions",
        "Countersign.Tokens",
    ];

    /// <summary>Packs into a folder.</summary>
    public static async Task PackAsync(string folder)
    {
        // Higher than every release, so that `dotnet add package` takes it; of this run alone, so that no package folder has an older build of it.
        var version = $"999.0.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var projects = string.Join(';', Packages.Select(static package => Path.Combine(Repository.Root, "src", package, $"{package}.csproj")));
        var properties = $"NoBuild=true;Configuration={configuration};PackageVersion={version};MinVerVersionOverride={version};PackageOutputPath={folder}";
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "pack.proj");
        await File.WriteAllTextAsync(file, $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{projects}" Targets="Pack" Properties="{properties}" />
              </Target>
            </Project>
            """);
        var (exitCode, output, error) = await new ProcessCommand(["dotnet", "msbuild", file, "-t:Pack", "-nologo", "-v:q"]) { Environment = Sdk.Environment }
            .RunAsync(patience: Patience.Limit);
        Assert.True(exitCode == 0, output + error);
    }
}
