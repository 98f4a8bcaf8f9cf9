using System.IO.Compression;
using System.Xml.Linq;

namespace Countersign.Packages.Tests;

/// <summary>All packages of the solution, packed once into a temporary folder by the command that a release uses.</summary>
public sealed class Packed : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-packages-");

    /// <summary>The folders of the projects that are packed.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
            .Where(static folder => File.Exists(Path.Combine(folder, Path.GetFileName(folder) + ".csproj")))
            .Where(static folder => Path.GetFileName(folder) != "Countersign.Server")
            .Append(Path.Combine(Repository.Root, "templates", "Countersign.Templates"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The folder with the packages.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What the command printed.</summary>
    public string Output { get; private set; } = string.Empty;

    /// <summary>The packages' files.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>The version of each package.</summary>
    public string Version { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        // Built with this project; building all again would take minutes.
        Output = await Cli.RunAsync(
            Repository.Root, "pack", "Countersign.slnx", "--configuration", Cli.Configuration, "--no-build", "--output", Folder, "--nologo",
            "-nodeReuse:false", "--verbosity", "minimal");
        Files = [.. Directory.EnumerateFiles(Folder, "*.nupkg").Order(StringComparer.Ordinal)];
        Version = Metadata(Files[0]).Element("version")!.Value;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A package's description of itself. Its names have no namespace: that depends on what the package has.</summary>
    public static XElement Metadata(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var nuspec = archive.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        foreach (var element in metadata.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return metadata;
    }

    /// <summary>The bytes of one file of a package.</summary>
    public static byte[] Read(string package, string path)
    {
        using var archive = ZipFile.OpenRead(package);
        using var file = archive.GetEntry(path)?.Open() ?? throw new FileNotFoundException($"{package} has no {path}.");
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
