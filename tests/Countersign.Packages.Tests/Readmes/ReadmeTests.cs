using System.Text.RegularExpressions;

namespace Countersign.Packages.Tests.Readmes;

/// <summary>The readme that each package shows: its code is compiled, and it stays short.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>What is compiled: the snippets beside this file, and the samples.</summary>
    private static readonly string[] Compiled =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Countersign.Packages.Tests", "Readmes"), "*.cs")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Countersign.Testing.Tests"), "*.cs"))
            .Concat([Sample("QuickStart"), Sample("ResourceApi")])
            .Select(static file => Trimmed(File.ReadAllText(file))),
    ];

    public static TheoryData<string> Packages => [.. Packed.Projects.Select(static project => Path.GetFileName(project)!)];

    private static string Sample(string name) => Path.Combine(Repository.Root, "samples", name, "Program.cs");

    public static TheoryData<string> Libraries =>
        [.. Packed.Projects.Select(static project => Path.GetFileName(project)!).Where(static name => name != "Countersign.Templates")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Readme_EachBlockOfCode_IsCompiled(string package)
    {
        var blocks = Block().Matches(ReadmeOf(package)).Select(static block => Trimmed(block.Groups["code"].Value)).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, static block => Assert.Contains(Compiled, file => file.Contains(block, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Readme_IsShortAndLinksToPagesThatAreThere(string package)
    {
        var readme = ReadmeOf(package);
        var links = Link().Matches(readme);

        Assert.InRange(readme.Count(static character => character == '\n'), 10, 80);
        Assert.NotEmpty(links);
        Assert.All(links, static link => Assert.True(File.Exists(Path.Combine(Repository.Root, link.Groups["path"].Value)), link.Value));
    }

    private static string ReadmeOf(string package) =>
        File.ReadAllText(Path.Combine(Packed.Projects.Single(project => Path.GetFileName(project) == package), "README.md"));

    /// <summary>Without indentation and empty lines: a readme's block stands further left than the method that compiles it.</summary>
    private static string Trimmed(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) + '\n';

    [GeneratedRegex(
        "^```csharp\n(?<code>.*?)^```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();

    /// <summary>The form that the pack rewrites, and no other link into the repository.</summary>
    [GeneratedRegex(@"\]\(\.\./\.\./(?<path>[^)#]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
