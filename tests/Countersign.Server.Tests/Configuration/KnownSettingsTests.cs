using System.Reflection;
using System.Text.RegularExpressions;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Settings;
using Countersign.Passwords;
using Countersign.Server.Configuration;
using Countersign.Sessions;
using Countersign.Sessions.Keys;

namespace Countersign.Server.Tests.Configuration;

public sealed partial class KnownSettingsTests
{
    private static readonly KnownSettings Known = ServerOptions.Known;

    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>What takes objects: no text in a configuration can set it.</summary>
    private static readonly string[] OfCode = [$"{PasswordEngineOptions.SectionName}:{nameof(PasswordEngineOptions.AdditionalFormats)}"];

    /// <summary>Every options class of the packages stands in the tree: what is in none would be refused as misspelt.</summary>
    [Fact]
    public void Tree_AndTheOptionsClassesOfThePackages_AreTheSame()
    {
        var classes = new[] { typeof(CountersignTokenOptions), typeof(CountersignOptions), typeof(PasswordEngineOptions) }
            .SelectMany(static type => type.Assembly.GetTypes())
            .Where(static type => type.GetField("SectionName", Everything)?.GetValue(null) is string name && name.StartsWith("Auth", StringComparison.Ordinal))
            .Where(static type => !type.ContainsGenericParameters);

        Assert.Equal(
            classes.OrderBy(static type => type.FullName, StringComparer.Ordinal),
            AuthSections.All.Select(static part => part.Type).OrderBy(static type => type.FullName, StringComparer.Ordinal));
    }

    /// <summary>The tree has the names of the section: <c>options.Sessions.IdleLifetime</c> is <c>Auth:Sessions:IdleLifetime</c>.</summary>
    [Fact]
    public void Tree_EachPart_StandsUnderTheNameOfItsSection()
    {
        foreach (var property in typeof(CountersignOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.PropertyType.GetField("SectionName")?.GetValue(null) is string section)
            {
                Assert.Equal($"{CountersignOptions.SectionName}:{property.Name}", section);
            }
        }
    }

    /// <summary>A property of an internal class at the top of the section that the tree doesn't have could be set by nobody.</summary>
    [Theory]
    [InlineData(typeof(CountersignTokenOptions))]
    [InlineData(typeof(KeyOptions))]
    [InlineData(typeof(ClientOptions))]
    public void Tree_PropertiesOfTheClassesAtItsTop_AreItsOwn(Type type) => Assert.All(
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance),
        static property => Assert.Equal(property.PropertyType, typeof(CountersignOptions).GetProperty(property.Name)?.PropertyType));

    [Fact]
    public void All_AndThePropertiesOfTheTree_AreTheSame()
    {
        var properties = PropertiesOf(CountersignOptions.SectionName, typeof(CountersignOptions))
            .Concat(PropertiesOf(CountersignOptions.SectionName, typeof(ServerOptions)))
            .Concat(PropertiesOf(CountersignUserOptions.SectionName, typeof(CountersignUserOptions)))
            .Concat(PropertiesOf("Auth:Clients:#", typeof(CountersignClientOptions)))
            .Except([.. OfCode, "Auth:Clients"], StringComparer.Ordinal);

        Assert.Equal(properties.Order(StringComparer.Ordinal), Known.All.Select(static setting => setting.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Renamed_OldAndNewNames_AreUnknownAndKnown() => Assert.All(RenamedSettings.All, static renamed =>
    {
        Assert.Null(Known.Find(renamed.Key));
        Assert.NotNull(Known.Find(renamed.Value));
    });

    /// <summary>A setting that a script or a page still calls by an old name would stop the server that it starts.</summary>
    [Fact]
    public void Variables_InScriptsAndPages_AreKnown()
    {
        string[] folders = ["bench", "docs", "eng"];
        var files = folders.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Concat([Path.Combine(Repository.Root, "run"), Path.Combine(Repository.Root, "test"), Path.Combine(Repository.Root, "README.md")])
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj" or "decisions"));
        var variables = files
            .SelectMany(static file => Variable().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), match.Value)))
            .ToList();

        Assert.NotEmpty(variables);
        Assert.DoesNotContain(variables, static variable => Known.Find(variable.Value.Replace("__", ":", StringComparison.Ordinal)) is null);
    }

    [Theory]
    [InlineData("Auth:isuer", "Auth:Issuer")]
    [InlineData("Auth:Grace", "Auth:Refresh:Grace")]
    [InlineData("Auth:Session:MaxPerUser", "Auth:Sessions:MaxPerUser")]
    [InlineData("Auth:SecretKy", "Auth:SecretKey")]
    [InlineData("Auth:Master-Key", "Auth:MasterKey")]
    [InlineData("Auth:Clients:3:Secret", "Auth:Clients:3:SecretHash")]
    [InlineData("Auth:Clients:Id", "Auth:Clients:0:Id")]
    [InlineData("Auth:Client:1:Audiences:2", "Auth:Clients:1:Audiences:2")]
    public void Nearest_MisspeltKey_IsTheOneThatWasMeant(string written, string meant) => Assert.Equal(meant, Known.Nearest(written));

    [Fact]
    public void Find_MemberOfAList_IsTheList()
    {
        Assert.NotNull(Known.Find("Auth:PasswordRules:ContextWords:12"));
        Assert.Null(Known.Find("Auth:PasswordRules:ContextWords"));
        Assert.Null(Known.Find("Auth:PasswordRules:ContextWords:-1"));
        Assert.Null(Known.Find("Auth:Sessions:MaxPerUser:0"));
    }

    [Theory]
    [InlineData("Auth:Clients:0:Id", true)]
    [InlineData("auth:clients:17:secrethash", true)]
    [InlineData("Auth:Clients:0:Audiences:3", true)]
    [InlineData("Auth:Clients:0", false)]
    [InlineData("Auth:Clients:0:Audiences", false)]
    [InlineData("Auth:Clients:0:Audiences:x", false)]
    [InlineData("Auth:Clients:0:Id:0", false)]
    [InlineData("Auth:Clients:0:Secret", false)]
    [InlineData("Auth:Clients:api:Id", false)]
    [InlineData("Auth:Clients:#:Id", false)]
    [InlineData("Auth:Clients:0:Audiences:#", false)]
    public void Find_SettingOfAMemberOfAList_NeedsItsIndex(string key, bool isKnown) => Assert.Equal(isKnown, Known.Find(key) is not null);

    private static IEnumerable<string> PropertiesOf(string section, Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property => property.PropertyType.GetField("SectionName") is null
            ? [$"{section}:{property.Name}"]
            : PropertiesOf($"{section}:{property.Name}", property.PropertyType));

    [GeneratedRegex("\\bAuth__[A-Za-z0-9]+(?:__[A-Za-z0-9]+)*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
