using System.Text.RegularExpressions;

namespace Countersign.Packages.Tests.Readmes;

/// <summary>The readme that each package shows: its code is compiled, and it stays short.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>What is compiled: the snippets beside this file, the tests of Countersign.Testing, and the samples.</summary>
    private static readonly string[] Compiled =
    [
        "tests/Countersign.Packages.Tests/Readmes", "tests/Countersign.Testing.Tests", "samples/QuickStart/Program.cs", "samples/ResourceApi/Program.cs",
    ];

    public static TheoryData<string> Packages => [.. Packed.Projects.Select(static project => Path.GetFileName(project)!)];

    public static TheoryData<string> Libraries =>
        [.. Packed.Projects.Select(static project => Path.GetFileName(project)!).Where(static name => name != "Countersign.Templates")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Readme_EachBlockOfCode_IsCompiled(string package) => Listings.AssertCompiled(PathOf(package), Compiled);

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

    private static string ReadmeOf(string package) => File.ReadAllText(PathOf(package));

    private static string PathOf(string package) =>
        Path.Combine(Packed.Projects.Single(project => Path.GetFileName(project) == package), "README.md");

    /// <summary>The form that the pack rewrites, and no other link into the repository.</summary>
    [GeneratedRegex(@"\]\(\.\./\.\./(?<path>[^)#]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
