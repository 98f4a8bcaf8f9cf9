using System.Reflection;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Settings;
using Countersign.Passwords;
using Countersign.Server.Configuration;
using Countersign.Sessions;
using Countersign.Sessions.Issuing;

namespace Countersign.Server.Tests.Configuration;

public sealed class KnownSettingsTests
{
    private static readonly KnownSettings Known = ServerOptions.Known;

    /// <summary>What takes objects: no text in a configuration can set it.</summary>
    private static readonly string[] OfCode = [$"{PasswordEngineOptions.SectionName}:{nameof(PasswordEngineOptions.AdditionalFormats)}"];

    /// <summary>Every options class of the packages stands in the table: what is in none would be refused as misspelt.</summary>
    [Fact]
    public void Sections_AndTheOptionsClassesOfThePackages_AreTheSame()
    {
        var classes = new[] { typeof(CountersignTokenOptions), typeof(CountersignOptions), typeof(PasswordEngineOptions) }
            .SelectMany(static type => type.Assembly.GetExportedTypes())
            .Where(static type => type.GetField("SectionName")?.GetValue(null) is string name && name.StartsWith("Auth", StringComparison.Ordinal));

        Assert.Equal(
            classes.Append(typeof(ServerOptions)).OrderBy(static type => type.FullName, StringComparer.Ordinal),
            ServerOptions.Sections.Select(static section => section.Type).OrderBy(static type => type.FullName, StringComparer.Ordinal));
        Assert.All(
            ServerOptions.Sections.Where(static section => section.Type != typeof(ServerOptions)),
            static section => Assert.Equal(section.Type.GetField("SectionName")!.GetValue(null), section.Name));
    }

    [Fact]
    public void All_AndThePropertiesOfTheOptions_AreTheSame()
    {
        var bound = ServerOptions.Sections
            .SelectMany(static section => section.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(static property => property.Name != nameof(ClientOptions.Clients))
                .Select(property => $"{section.Name}:{property.Name}"))
            .Concat(typeof(ConfidentialClientOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(static property => $"Auth:Clients:#:{property.Name}"))
            .Except(OfCode, StringComparer.Ordinal);

        Assert.Equal(bound.Order(StringComparer.Ordinal), Known.All.Select(static setting => setting.Key).Order(StringComparer.Ordinal));
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
}
