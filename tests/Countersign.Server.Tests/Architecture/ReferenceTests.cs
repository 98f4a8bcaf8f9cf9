using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Countersign.Server.Tests.Architecture;

/// <summary>Holds the packages' arrows: what the built assemblies reference, and what the projects ask for.</summary>
public sealed class ReferenceTests
{
    private static readonly string BaseLibrary = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly string AspNetCore = Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!;

    /// <summary>
    /// Package, those of ours that it may use, others that it may use (a name, or the beginning of one with a star), whether all of ASP.NET Core is open to it.
    /// </summary>
    public static TheoryData<string, string[], string[], bool> Arrows => new()
    {
        { "Countersign.Tokens", [], [], false },
        { "Countersign.Passwords", [], [], false },
        { "Countersign.Passwords.Argon2", ["Countersign.Passwords"], ["Konscious.Security.Cryptography.Argon2"], false },
        {
            "Countersign.Sessions", ["Countersign.Tokens"],
            [
                "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options",
            ],
            false
        },
        { "Countersign.Bearer", ["Countersign.Tokens"], [], true },
        {
            "Countersign.EntityFrameworkCore", ["Countersign.Sessions", "Countersign.Tokens"],
            [
                "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Abstractions", "Microsoft.EntityFrameworkCore.Relational",
                "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options",
            ],
            false
        },
        {
            "Countersign.PostgreSql", ["Countersign.EntityFrameworkCore", "Countersign.Sessions", "Countersign.Tokens"],
            [
                "Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL",
                "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Abstractions", "Microsoft.EntityFrameworkCore.Relational",
                "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options",
            ],
            false
        },
        {
            "Countersign.App",
            ["Countersign.AspNetCore", "Countersign.EntityFrameworkCore", "Countersign.Sessions"],
            [
                "Microsoft.AspNetCore.Identity.EntityFrameworkCore", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Sqlite",
                "Microsoft.Extensions.Identity.Stores",
            ],
            true
        },
        {
            "Countersign.OpenApi",
            ["Countersign.AspNetCore", "Countersign.Bearer"],
            ["Microsoft.AspNetCore.OpenApi", "Microsoft.OpenApi"],
            true
        },
        {
            "Countersign.Mail",
            ["Countersign.AspNetCore", "Countersign.Sessions"],
            ["Fluid", "Fluid.Core", "MailKit", "MimeKit", "Parlot"],
            true
        },
        {
            "Countersign.Testing",
            ["Countersign.App", "Countersign.AspNetCore", "Countersign.Bearer", "Countersign.Sessions", "Countersign.Tokens"],
            ["Microsoft.AspNetCore.TestHost", "Microsoft.Data.Sqlite", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Identity.Stores"],
            true
        },
        {
            "Countersign.AspNetCore",
            ["Countersign.Bearer", "Countersign.Passwords", "Countersign.Sessions", "Countersign.Tokens"],
            [],
            true
        },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Assembly_References_PointWhereTheDesignSays(string package, string[] ours, string[] others, bool aspNetCore)
    {
        var references = ReadReferences(package);

        var refused = references.Where(reference => !ours.Contains(reference, StringComparer.Ordinal)
            && !others.Contains(reference, StringComparer.Ordinal)
            && !File.Exists(Path.Combine(BaseLibrary, reference + ".dll"))
            && !(aspNetCore && File.Exists(Path.Combine(AspNetCore, reference + ".dll"))));

        Assert.Empty(refused);
    }

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Project_References_PointWhereTheDesignSays(string package, string[] ours, string[] others, bool aspNetCore)
    {
        var project = ReadProject(package);
        var projects = Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!);
        var packages = Includes(project, "PackageReference");
        var frameworks = Includes(project, "FrameworkReference");

        Assert.Empty(projects.Except(ours, StringComparer.Ordinal));
        Assert.Empty(packages.Except(others, StringComparer.Ordinal));
        Assert.Equal(aspNetCore ? ["Microsoft.AspNetCore.App"] : [], frameworks, StringComparer.Ordinal);
    }

    [Fact]
    public void Arrows_HaveARowForEveryPackage()
    {
        var packages = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!);

        Assert.Equal(
            packages.Except(["Countersign.Server"], StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Arrows.Select(row => row.Data.Item1).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Countersign.Tokens")]
    [InlineData("Countersign.Passwords")]
    [InlineData("Countersign.Sessions")]
    [InlineData("Countersign.Bearer")]
    public void Project_ThatIsWorthHavingAlone_IsAotCompatible(string package) =>
        Assert.Equal("true", ReadProject(package).Descendants("IsAotCompatible").SingleOrDefault()?.Value);

    [Theory]
    [InlineData("Countersign.Tokens")]
    [InlineData("Countersign.Passwords")]
    [InlineData("Countersign.Passwords.Argon2")]
    public void Assembly_ThatNeverLogs_ReferencesNoLogging(string package) =>
        Assert.DoesNotContain(ReadReferences(package), reference => reference.Contains("Logging", StringComparison.Ordinal));

    private static List<string> ReadReferences(string package)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, package + ".dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static XDocument ReadProject(string package) => XDocument.Load(Path.Combine(Repository.Root, "src", package, package + ".csproj"));

    private static IEnumerable<string> Includes(XDocument project, string item) =>
        project.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
}
