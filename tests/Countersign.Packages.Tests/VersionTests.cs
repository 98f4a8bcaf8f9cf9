using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Countersign.Packages.Tests;

/// <summary>
/// Versions and links of a package that is packed in a repository of its own: without git, without a tag, with a tag and a remote, after the tag, and in a
/// shallow clone. It is the smallest package, and the same files of the build as here.
/// </summary>
[Trait(Suite.Name, Suite.All)]
public sealed class VersionTests : IDisposable
{
    private const string Remote = "https://github.com/example/countersign";

    /// <summary>The kind of the debug information that has the source link (Portable PDB specification, "Source Link").</summary>
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static readonly string[] Copied =
    [
        "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", ".gitignore", "global.json", "eng/icon.png",
        "src/Directory.Build.props", "src/Directory.Build.targets",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-versions-");

    private string Origin => Path.Combine(_folder.FullName, "origin");

    public void Dispose()
    {
        // Git writes its objects read-only, which does not keep an owner on Linux from deleting them.
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Version_WithoutGitWithAndAfterATag_IsThatOfTheTagOrAPrerelease()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A folder without git is made for Linux only.");
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not installed.");
        CopySources();
        var withoutGit = await PackAsync(Origin);

        await Cli.GitAsync(Origin, "init", "--quiet");
        await CommitAsync();
        await CommitAsync();
        var withoutTag = await PackAsync(Origin);

        await Cli.GitAsync(Origin, "tag", "v1.2.3");
        await Cli.GitAsync(Origin, "remote", "add", "origin", Remote + ".git");
        var tagged = await PackAsync(Origin);
        var withoutProgram = await PackAsync(Origin, FolderWithoutGit());
        var revision = (await Cli.GitAsync(Origin, "rev-parse", "HEAD")).Trim();

        await CommitAsync();
        var later = await PackAsync(Origin);
        await Cli.GitAsync(_folder.FullName, "clone", "--quiet", "--depth", "1", $"file://{Origin}", "shallow");
        var shallow = await PackAsync(Path.Combine(_folder.FullName, "shallow"));

        Assert.Equal(["0.1.0-alpha.0", "0.1.0-alpha.0.1", "1.2.3", "0.1.0-alpha.0", "1.2.4-alpha.0.1", "0.1.0-alpha.0"],
            new[] { withoutGit, withoutTag, tagged, withoutProgram, later, shallow }.Select(static package => Text(package, "version")));
        Assert.Equal(string.Empty, Text(withoutTag, "projectUrl"));
        Assert.Equal(Remote, Text(tagged, "projectUrl"));
        Assert.Equal($"{Remote}/blob/{revision}/CHANGELOG.md", Text(tagged, "releaseNotes"));
        Assert.StartsWith(Remote, (string?)Packed.Metadata(tagged).Element("repository")!.Attribute("url"), StringComparison.Ordinal);
        Assert.Contains(
            $"]({Remote}/blob/{revision}/docs/keys.md)", Encoding.UTF8.GetString(Packed.Read(tagged, "README.md")), StringComparison.Ordinal);
        Assert.Contains($"/example/countersign/{revision}/*", SourceLink(tagged), StringComparison.Ordinal);
    }

    private void CopySources()
    {
        var package = Path.Combine(Repository.Root, "src", "Countersign.Tokens");
        var sources = Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Repository.Root, file))
            .Where(static file => file.Split(Path.DirectorySeparatorChar)[2] is not ("bin" or "obj"));
        foreach (var file in Copied.Concat(sources))
        {
            var copy = Path.Combine(Origin, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }
    }

    /// <summary>MSBuild starts every program by a shell; there is nothing else.</summary>
    private string FolderWithoutGit()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "sh"), "/bin/sh");
        return folder;
    }

    private async Task CommitAsync()
    {
        await Cli.GitAsync(Origin, "add", "--all");
        await Cli.GitAsync(Origin, "commit", "--quiet", "--allow-empty", "--message", "work");
    }

    /// <summary>Packs, and must print no warning.</summary>
    /// <param name="repository">The repository's folder.</param>
    /// <param name="path">The only folder in which programs are found; null for those of this process.</param>
    private static async Task<string> PackAsync(string repository, string? path = null)
    {
        var output = Directory.CreateDirectory(Path.Combine(repository, "artifacts")).FullName;
        Directory.EnumerateFiles(output).ToList().ForEach(File.Delete);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH")! };
        var printed = await Cli.RunAsync(
            repository, environment, "pack", "src/Countersign.Tokens", "--output", output, "--nologo", "-nodeReuse:false", "--verbosity", "minimal",
            "-p:RunAnalyzers=false");
        Assert.DoesNotContain("warning", printed, StringComparison.OrdinalIgnoreCase);
        var package = Assert.Single(Directory.EnumerateFiles(output, "*.nupkg"));
        var kept = Path.Combine(repository, "..", Path.GetRandomFileName());
        File.Move(package, kept);
        return kept;
    }

    private static string Text(string package, string element) => Packed.Metadata(package).Element(element)?.Value ?? string.Empty;

    private static string SourceLink(string package)
    {
        using var image = new PEReader(new MemoryStream(Packed.Read(package, "lib/net10.0/Countersign.Tokens.dll")));
        var embedded = image.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var reader = provider.GetMetadataReader();
        return reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLinkKind)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)))
            .Single();
    }
}
