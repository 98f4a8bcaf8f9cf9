using System.Reflection;

namespace Countersign.Server.Tests.Architecture;

/// <summary>
/// Inside a package, a folder is a capability and a namespace. Folders form no circle among themselves: a change of one can be noticed only by those that stand
/// above it. The root of a package uses its folders, and they use its data; circles through the root are not looked at.
/// </summary>
public sealed class FolderTests
{
    public static TheoryData<string> Packages =>
    [
        "Countersign.Tokens", "Countersign.Passwords", "Countersign.Passwords.Argon2", "Countersign.Sessions", "Countersign.Bearer",
        "Countersign.EntityFrameworkCore", "Countersign.PostgreSql", "Countersign.AspNetCore", "Countersign.App", "countersign",
    ];

    /// <summary>What may be in a circle, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["Countersign.Tokens: Jose -> Keys"] = "One codec: a token's header asks for a key, which owns the algorithm.",
        ["Countersign.Tokens: Keys -> Jose"] = "One codec: keys are read as the strict JSON and base64url that tokens are read as.",
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public void Folders_FormNoCircle(string package)
    {
        var assembly = Assembly.Load(package);
        var edges = TypeUses.Of(assembly)
            .Select(use => (From: FolderOf(use.From, assembly), To: FolderOf(use.To, assembly)))
            .Where(static edge => edge.From != edge.To && edge.From.Length > 0 && edge.To.Length > 0)
            .ToHashSet();
        var found = edges.Where(edge => Reaches(edge.To, edge.From, edges)).Select(edge => $"{package}: {edge.From} -> {edge.To}")
            .Order(StringComparer.Ordinal);
        var expected = Exceptions.Keys.Where(exception => exception.StartsWith(package + ":", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(expected, found, StringComparer.Ordinal);
    }

    private static bool Reaches(string from, string to, HashSet<(string From, string To)> edges)
    {
        HashSet<string> seen = [from];
        Queue<string> next = new(seen);
        while (next.TryDequeue(out var folder))
        {
            if (folder == to)
            {
                return true;
            }

            foreach (var edge in edges.Where(edge => edge.From == folder && seen.Add(edge.To)))
            {
                next.Enqueue(edge.To);
            }
        }

        return false;
    }

    private static string FolderOf(Type type, Assembly assembly)
    {
        var root = assembly.GetName().Name == "countersign" ? "Countersign.Server" : assembly.GetName().Name!;
        return type.Namespace is { } name && name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : string.Empty;
    }
}
