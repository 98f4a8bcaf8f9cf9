using System.Reflection;

namespace Countersign.Server.Tests.Architecture;

/// <summary>
/// Inside a package, a folder is a capability and a namespace. Folders form no circle: a change of one can be noticed only by those that
/// stand above it. The root of a package is its facade: it uses the folders, and they use nothing of it but plain data
/// (<see cref="IsPlainData"/>).
/// </summary>
public sealed class FolderTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Packages =>
    [
        "Countersign.Tokens", "Countersign.Passwords", "Countersign.Passwords.Argon2", "Countersign.Sessions", "Countersign.Bearer",
        "Countersign.EntityFrameworkCore", "Countersign.PostgreSql", "Countersign.AspNetCore", "Countersign.OpenApi", "Countersign.App",
        "Countersign.Mail", "Countersign.Testing", "countersign",
    ];

    /// <summary>What may be in a circle, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["Countersign.Tokens: Jose -> Keys"] = "One codec: a token's header asks for a key, which owns the algorithm.",
        ["Countersign.Tokens: Keys -> Jose"] = "One codec: keys are read as the strict JSON and base64url that tokens are read as.",
    };

    /// <summary>What else of the root a folder may use, and why.</summary>
    private static readonly Dictionary<string, string> RootExceptions = new(StringComparer.Ordinal)
    {
        ["Countersign.AspNetCore: AccessTokenClaims"] = "A contract that the app implements, with the next.",
        ["Countersign.AspNetCore: IAccessTokenClaims`1"] = "A contract that the app implements.",
        ["Countersign.AspNetCore: CurrentUser"] = "Who asks, as an endpoint's parameter: data, with the method that binds it.",
        ["Countersign.AspNetCore: IAccountEvents`1"] = "A contract that apps implement.",
        ["Countersign.AspNetCore: IAccountMail"] = "A contract that apps implement.",
        ["Countersign.Bearer: BearerScheme"] = "What a scheme must answer: the folder Authority has one of the two.",
        ["Countersign.Bearer: Log"] = "One list of events a package: their ids stand side by side.",
        ["Countersign.Passwords: IStoredPasswordHash"] = "A contract that other packages implement.",
        ["Countersign.Passwords: IPasswordHashFormat"] = "A contract that other packages implement.",
        ["Countersign.Passwords: OptionCheck"] = "The options of the root and those of the folder Rules collect their faults in the same words.",
        ["Countersign.Passwords: PasswordBytes"] = "One rule for all: how a password becomes bytes.",
        ["Countersign.Passwords: PasswordMetrics"] = "One meter a package.",
        ["Countersign.PostgreSql: PostgreSqlFailure"] = "One rule for all, the server too: which failures may pass at once.",
        ["Countersign.PostgreSql: PostgreSqlProvider"] = "The names and limits that the folders Feed and Sessions share.",
        ["Countersign.Sessions: Log"] = "One list of events a package: their ids stand side by side.",
        ["Countersign.Sessions: RefreshErrorCodes"] = "The codes of an enum of the root, which the metrics name.",
        ["Countersign.Tokens: TokenClaims"] = "What a token says: data that is looked up by a claim's name.",
        ["countersign: Log"] = "One list of events a package: their ids stand side by side.",
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

    [Theory]
    [MemberData(nameof(Packages))]
    public void Folders_UseOnlyPlainDataOfTheRoot(string package)
    {
        var assembly = Assembly.Load(package);
        var found = TypeUses.Of(assembly)
            .Where(use => FolderOf(use.From, assembly).Length > 0 && IsInRoot(use.To, assembly) && !IsPlainData(use.To))
            .Select(use => $"{package}: {use.To.Name}")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var expected = RootExceptions.Keys.Where(exception => exception.StartsWith(package + ":", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(expected, found, StringComparer.Ordinal);
    }

    /// <summary>
    /// A value, an enum, an exception, a delegate, a class of constants, or an object that holds nothing but its properties: a record, an
    /// options class, a session. A service keeps what it was made with in other fields, and a static class has methods.
    /// </summary>
    private static bool IsPlainData(Type type)
    {
        if (type.IsValueType || type.IsSubclassOf(typeof(Exception)) || type.IsSubclassOf(typeof(Delegate)))
        {
            return true;
        }

        if (type.IsAbstract && type.IsSealed)
        {
            return type.GetMethods(Declared).Length == 0 && type.GetFields(Declared).All(static field => field.IsLiteral);
        }

        return type.IsClass
            && type.GetProperties(Declared).Any(static property => !property.GetMethod!.IsStatic)
            && type.GetFields(Declared).All(static field => field.IsStatic || field.Name.EndsWith("k__BackingField", StringComparison.Ordinal));
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

    private static string RootOf(Assembly assembly) => assembly.GetName().Name == "countersign" ? "Countersign.Server" : assembly.GetName().Name!;

    private static bool IsInRoot(Type type, Assembly assembly) => type.Namespace == RootOf(assembly);

    private static string FolderOf(Type type, Assembly assembly)
    {
        var root = RootOf(assembly);
        return type.Namespace is { } name && name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : string.Empty;
    }
}
