using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Countersign.Packages.Tests;

/// <summary>
/// What a developer does who has the packages and nothing else: <c>dotnet new install</c>, <c>dotnet new countersign-api</c>, build, test, run. The packages
/// come from the folder into which they were packed, and are in no cache before.
/// </summary>
[Trait(Suite.Name, Suite.All)]
public sealed partial class TemplateTests(Packed packed) : IClassFixture<Packed>, IDisposable
{
    /// <summary>A name that is no name in C#.</summary>
    private const string Name = "my-shop";

    private static readonly string Content = Path.Combine(Repository.Root, "templates", "Countersign.Templates", "content", "countersign-api");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-template-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task NewApp_FromThePackagesAlone_BuildsPassesItsTestsAndRuns()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed.");
        var environment = await PrepareAsync();
        var template = Path.Combine(packed.Folder, $"Countersign.Templates.{packed.Version}.nupkg");
        await Cli.RunAsync(_folder.FullName, environment, ["new", "install", template, .. Hive]);
        await Cli.RunAsync(_folder.FullName, environment, ["new", "countersign-api", "--output", Name, "--no-update-check", .. Hive]);
        var app = Path.Combine(_folder.FullName, Name);

        var built = await Cli.RunAsync(app, environment, "build", "-warnaserror", "--nologo", "-nodeReuse:false");
        var tested = await Cli.RunAsync(app, environment, "test", "--no-build", "--nologo");
        var answers = await RunAsync(app, environment);

        Assert.Contains("0 Warning(s)", built, StringComparison.Ordinal);
        Assert.Matches(@"Failed:\s+0, Passed:\s+[4-9]", tested);
        Assert.Equal(
            ["Healthy", "todos", """{"id":1,"title":"Write tests"}""", """[{"id":1,"title":"Write tests"}]""", "204", "1"],
            answers);
        Assert.All(
            packed.Files.Select(static file => Packed.Metadata(file).Element("id")!.Value)
                .Intersect(["Countersign", "Countersign.Bearer", "Countersign.Testing"]),
            id => Assert.True(Directory.Exists(Path.Combine(Cache, id.ToLowerInvariant(), packed.Version)), $"{id} did not come from the packed packages."));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(app, "*", SearchOption.AllDirectories),
            static file => !IsBuilt(file) && LeftOver().IsMatch(File.ReadAllText(file)));
    }

    /// <summary>The packages of others have the versions that the rest of the repository is tested with.</summary>
    [Fact]
    public void Projects_OfTheTemplate_ReferToTheVersionsOfTheRepository()
    {
        var central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        var dotnet = central.Descendants("DotNetPackagesVersion").Single().Value;
        var versions = central.Descendants("PackageVersion").ToDictionary(
            static package => (string)package.Attribute("Include")!,
            package => ((string)package.Attribute("Version")!).Replace("$(DotNetPackagesVersion)", dotnet, StringComparison.Ordinal),
            StringComparer.Ordinal);

        var references = Directory.EnumerateFiles(Content, "*.csproj", SearchOption.AllDirectories)
            .SelectMany(static project => XDocument.Load(project).Descendants("PackageReference"))
            .Select(static reference => (Id: (string)reference.Attribute("Include")!, Version: (string)reference.Attribute("Version")!))
            .ToList();

        Assert.True(references.Count >= 6);
        Assert.All(references, reference => Assert.Equal(versions.GetValueOrDefault(reference.Id, "COUNTERSIGN_VERSION"), reference.Version));
    }

    private string Cache => Path.Combine(_folder.FullName, "packages");

    private string[] Hive => ["--debug:custom-hive", Path.Combine(_folder.FullName, "hive")];

    private static bool IsBuilt(string file) => file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj");

    /// <summary>
    /// The machine's own sources serve everything but our packages, and what the machine has of theirs is not fetched again. The cache of ours is empty.
    /// </summary>
    private async Task<Dictionary<string, string>> PrepareAsync()
    {
        var cached = (await Cli.RunAsync(_folder.FullName, "nuget", "locals", "global-packages", "--list")).Split(": ", 2)[1].Trim();
        Assert.False(Directory.Exists(Path.Combine(cached, "countersign", packed.Version)), "The machine's cache has these packages already.");
        var sources = (await Cli.RunAsync(_folder.FullName, "nuget", "list", "source", "--format", "Detailed")).Split('\n')
            .Where(static line => line.EndsWith(" [Enabled]", StringComparison.Ordinal))
            .Select(static line => line.Trim()[..^" [Enabled]".Length].Split('.', 2)[1].Trim());
        new XElement(
            "configuration",
            new XElement("packageSources", Add("packed", packed.Folder)),
            new XElement("fallbackPackageFolders", Add("machine", cached)),
            new XElement(
                "packageSourceMapping",
                sources.Select(static source => Mapping(source, "*")).Append(Mapping("packed", "Countersign", "Countersign.*"))))
            .Save(Path.Combine(_folder.FullName, "nuget.config"));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NUGET_PACKAGES"] = Cache,
            // Where the master key of Development goes.
            ["XDG_DATA_HOME"] = Path.Combine(_folder.FullName, "user"),
        };
    }

    private static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));

    private static XElement Mapping(string source, params string[] patterns) => new(
        "packageSource", new XAttribute("key", source), patterns.Select(static pattern => new XElement("package", new XAttribute("pattern", pattern))));

    /// <summary>Starts the app on a free port, and does what its readme says: the first five commands, and the command that gives a role.</summary>
    private static async Task<string[]> RunAsync(string app, Dictionary<string, string> environment)
    {
        var folder = Path.Combine(app, "src", Name);
        string[] line = ["dotnet", Path.Combine(folder, "bin", "Debug", "net10.0", $"{Name}.dll")];
        environment = new Dictionary<string, string>(environment, StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        };
        await using var process = ChildProcess.Start(new ProcessCommand(line) { Folder = folder, Environment = environment });
        const string Listening = "Now listening on: ";
        await process.WaitForLineAsync("      " + Listening, Patience.Limit);
        var address = process.Output.First(static written => written.Contains(Listening, StringComparison.Ordinal)).Split(Listening)[1];
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var health = await http.GetStringAsync("/health", TestContext.Current.CancellationToken);
        var document = JsonElement.Parse(await http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var commands = Commands().Match(await File.ReadAllTextAsync(Path.Combine(app, "README.md"))).Groups["script"].Value;
        Assert.Contains("http://localhost:5080", commands, StringComparison.Ordinal);
        var session = await new ProcessCommand(["bash", "-euo", "pipefail", "-c", commands.Replace("http://localhost:5080", address, StringComparison.Ordinal)])
            .RunOrThrowAsync(Patience.Limit);
        var role = new ProcessCommand([.. line, "add-role", "ada@example.com", "admin"]) { Folder = folder, Environment = environment };
        await role.RunOrThrowAsync(Patience.Limit);
        var nobody = new ProcessCommand([.. line, "add-role", "bob@example.com", "admin"]) { Folder = folder, Environment = environment };
        return
        [
            health,
            document.GetProperty("paths").TryGetProperty("/todos", out _) ? "todos" : "no todos",
            .. session.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..],
            $"{(await nobody.RunAsync(patience: Patience.Limit)).ExitCode}",
        ];
    }

    [GeneratedRegex("CountersignApi|PROJECT_NAME|COUNTERSIGN_VERSION", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeftOver();

    [GeneratedRegex("```sh\n(?<script>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commands();
}
