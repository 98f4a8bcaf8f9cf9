using System.Reflection;

namespace Countersign.Server.Tests.Architecture;

/// <summary>
/// No public type has the name of one that a web project sees without a <c>using</c>, or of one that an app with ASP.NET Core Identity uses:
/// <c>Configure&lt;SessionOptions&gt;</c> would not compile in it (CS0104).
/// </summary>
public sealed class TypeNameTests
{
    /// <summary>The implicit usings of Microsoft.NET.Sdk.Web, and Identity's namespace.</summary>
    private static readonly HashSet<string> Seen = new(StringComparer.Ordinal)
    {
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json", "System.Threading",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
        "Microsoft.AspNetCore.Identity",
    };

    private static readonly string[] Packages =
    [
        "Countersign.Tokens", "Countersign.Passwords", "Countersign.Passwords.Argon2", "Countersign.Sessions", "Countersign.Bearer",
        "Countersign.EntityFrameworkCore", "Countersign.PostgreSql", "Countersign.AspNetCore", "Countersign.OpenApi", "Countersign.App",
        "Countersign.Mail", "Countersign.Testing",
    ];

    [Fact]
    public void PublicTypes_AndThoseOfAWebProject_HaveDifferentNames()
    {
        var platform = Folders().SelectMany(static folder => Directory.EnumerateFiles(folder, "*.dll"))
            .Where(static file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(file).StartsWith("Microsoft.", StringComparison.Ordinal))
            .SelectMany(TypesOf)
            .Where(static type => type.Namespace is { } name && Seen.Contains(name))
            .Select(static type => type.Name)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("SessionOptions", platform);
        Assert.Contains("TokenOptions", platform);

        Assert.Empty(Packages.SelectMany(static package => Assembly.Load(package).GetExportedTypes())
            .Where(type => !type.IsNested && platform.Contains(type.Name))
            .Select(static type => type.FullName));
    }

    private static IEnumerable<string> Folders() =>
        [
            Path.GetDirectoryName(typeof(object).Assembly.Location)!,
            Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location)!
        ];

    private static IEnumerable<Type> TypesOf(string file)
    {
        try
        {
            return Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetExportedTypes();
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileNotFoundException or FileLoadException or TypeLoadException)
        {
            // No assembly of managed types.
            return [];
        }
    }
}
