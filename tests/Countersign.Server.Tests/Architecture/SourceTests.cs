namespace Countersign.Server.Tests.Architecture;

public sealed class SourceTests
{
    // The house style's limit: a type that outgrows its file is split by idea.
    private const int MostLines = 400;

    private const int MostCharacters = 160;

    [Fact]
    public void SourceFiles_Length_StaysReadable()
    {
        var files = Repository.SourceFiles.Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.DoesNotContain(
            files.Select(file => (File: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count())),
            file => file.Lines > MostLines);
    }

    [Fact]
    public void Lines_Length_FitsTheLimit()
    {
        string[] folders = ["src", "tests", "bench", "samples"];
        var files = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "Migrations"))
            .ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => File.ReadLines(Path.Combine(Repository.Root, file))
            .Index()
            .Where(line => line.Item.Length > MostCharacters)
            .Select(line => $"{file}:{line.Index + 1}: {line.Item.Length} characters")));
    }

    [Fact]
    public void Solution_HasEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Countersign.slnx"));
        string[] folders = ["src", "tests"];
        var projects = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(project => Path.GetRelativePath(Repository.Root, project).Replace('\\', '/'));

        Assert.DoesNotContain(projects, project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal));
    }
}
