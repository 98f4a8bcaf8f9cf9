using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Countersign.Packages.Tests;

/// <summary>What is in the packages, as <c>dotnet pack</c> makes them.</summary>
[Trait(Suite.Name, Suite.All)]
public sealed class PackageTests(Packed packed) : IClassFixture<Packed>
{
    [Fact]
    public void Pack_OfTheSolution_PrintsNoWarningAndMakesEachPackage()
    {
        Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Packed.Projects.Count, packed.Files.Count);
        Assert.All(packed.Files, file => Assert.EndsWith($".{packed.Version}.nupkg", file, StringComparison.Ordinal));
    }

    /// <summary>They share internals, so a mixture of versions must not be possible.</summary>
    [Fact]
    public void Dependencies_OnOurPackages_AreExact()
    {
        var dependencies = packed.Files.SelectMany(static file => Packed.Metadata(file).Descendants("dependency"))
            .Where(static dependency => ((string)dependency.Attribute("id")!).StartsWith("Countersign", StringComparison.Ordinal))
            .ToList();

        Assert.True(dependencies.Count >= 10, $"Only {dependencies.Count} were found.");
        Assert.All(dependencies, dependency => Assert.Equal($"[{packed.Version}]", (string?)dependency.Attribute("version")));
    }

    [Fact]
    public void Package_Each_SaysWhatItIs() => Assert.All(packed.Files, static file =>
    {
        var metadata = Packed.Metadata(file);
        var description = metadata.Element("description")!.Value;

        Assert.InRange(description.Length, 40, 300);
        Assert.Equal("MIT", metadata.Element("license")!.Value);
        Assert.Contains("authentication", metadata.Element("tags")!.Value, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{40}$", (string?)metadata.Element("repository")!.Attribute("commit"));
    });

    [Fact]
    public void Readme_OfEach_HasItsNameAndNoLinkThatLeadsNowhere() => Assert.All(packed.Files, static file =>
    {
        var metadata = Packed.Metadata(file);
        var readme = Encoding.UTF8.GetString(Packed.Read(file, metadata.Element("readme")!.Value));

        Assert.StartsWith($"# {metadata.Element("id")!.Value}\n", readme, StringComparison.Ordinal);
        Assert.Contains("\nDocumentation: ", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("../", readme, StringComparison.Ordinal);
    });

    [Fact]
    public void Icon_OfEach_IsAPictureOf128Pixels() => Assert.All(packed.Files, static file =>
    {
        var icon = Packed.Read(file, Packed.Metadata(file).Element("icon")!.Value);

        // PNG, specification §5.2 and §11.2.2: the signature, then the header with width and height.
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], icon[..4]);
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20)));
    });

    /// <summary>Stack traces have line numbers wherever the package is, and no path of the machine that built it.</summary>
    [Fact]
    public void Symbols_OfEachAssembly_AreInItAndNameNoFolderOfTheMachine()
    {
        Assert.SkipUnless(Cli.Configuration == "Release", "Only a release build has paths that are the same everywhere.");
        Assert.All(Assemblies(), static bytes =>
        {
            using var image = new PEReader(new MemoryStream(bytes));
            var embedded = image.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
            var reader = provider.GetMetadataReader();
            var documents = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();

            Assert.NotEmpty(documents);
            Assert.All(documents, static document => Assert.StartsWith("/_/", document, StringComparison.Ordinal));
        });
    }

    private IEnumerable<byte[]> Assemblies() => packed.Files
        .Select(static file => (File: file, Path: AssemblyOf(file)))
        .Where(static found => found.Path is not null)
        .Select(static found => Packed.Read(found.File, found.Path!));

    private static string? AssemblyOf(string file)
    {
        using var archive = System.IO.Compression.ZipFile.OpenRead(file);
        return archive.Entries.Select(static entry => entry.FullName)
            .SingleOrDefault(static path => path.StartsWith("lib/", StringComparison.Ordinal) && path.EndsWith(".dll", StringComparison.Ordinal));
    }
}
