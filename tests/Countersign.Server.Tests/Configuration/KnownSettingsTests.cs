using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Server.Configuration;
using Countersign.Sessions;

namespace Countersign.Server.Tests.Configuration;

public sealed class KnownSettingsTests
{
    /// <summary>Settings of the server's own, which no options class has.</summary>
    private static readonly string[] OfTheServer =
        ["Auth:MasterKeyFile", "Auth:DataDirectory", "Auth:Docs", "Auth:AllowedOrigins", "Auth:TrustedProxies", "Auth:Hsts"];

    /// <summary>What takes objects: no text in a configuration can set it.</summary>
    private static readonly string[] OfCode = [$"{PasswordEngineOptions.SectionName}:{nameof(PasswordEngineOptions.ForeignSchemes)}"];

    private static readonly (Type Type, string Section)[] Options =
    [
        (typeof(TokenOptions), TokenOptions.SectionName),
        (typeof(KeyOptions), KeyOptions.SectionName),
        (typeof(KeyRotationOptions), $"Auth:{KeyRotationOptions.SectionName}"),
        (typeof(CountersignOptions), CountersignOptions.SectionName),
        (typeof(SessionOptions), $"Auth:{SessionOptions.SectionName}"),
        (typeof(RefreshOptions), $"Auth:{RefreshOptions.SectionName}"),
        (typeof(GuessingOptions), GuessingOptions.SectionName),
        (typeof(NetworkLimitOptions), NetworkLimitOptions.SectionName),
        (typeof(PasswordEngineOptions), PasswordEngineOptions.SectionName),
        (typeof(PasswordRuleOptions), PasswordRuleOptions.SectionName),
        (typeof(ConfidentialClientOptions), "Auth:Clients:#"),
    ];

    [Fact]
    public void All_AndTheOptionsOfEveryPackage_AreTheSame()
    {
        var bound = Options
            .SelectMany(options => options.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{options.Section}:{property.Name}"))
            .Except(OfCode, StringComparer.Ordinal)
            .Concat(OfTheServer);

        Assert.Equal(bound.Order(StringComparer.Ordinal), KnownSettings.All.Select(setting => setting.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Check_BoundsOfARangeAttribute_AreTheSettingsBounds()
    {
        foreach (var (type, section) in Options)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetCustomAttribute<RangeAttribute>() is not { } range)
                {
                    continue;
                }

                var setting = KnownSettings.Find($"{section}:{property.Name}")!;
                var (below, least, most, above) = Around(range);
                Assert.NotNull(setting.Check(below));
                Assert.Null(setting.Check(least));
                Assert.Null(setting.Check(most));
                Assert.NotNull(setting.Check(above));
            }
        }
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
    public void Nearest_MisspeltKey_IsTheOneThatWasMeant(string written, string meant) => Assert.Equal(meant, KnownSettings.Nearest(written));

    [Fact]
    public void Find_MemberOfAList_IsTheList()
    {
        Assert.NotNull(KnownSettings.Find("Auth:PasswordRules:ContextWords:12"));
        Assert.Null(KnownSettings.Find("Auth:PasswordRules:ContextWords"));
        Assert.Null(KnownSettings.Find("Auth:PasswordRules:ContextWords:-1"));
        Assert.Null(KnownSettings.Find("Auth:Sessions:MaxPerUser:0"));
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
    public void Find_SettingOfAMemberOfAList_NeedsItsIndex(string key, bool isKnown) => Assert.Equal(isKnown, KnownSettings.Find(key) is not null);

    private static (string Below, string Least, string Most, string Above) Around(RangeAttribute range)
    {
        if (range.OperandType == typeof(TimeSpan))
        {
            var least = TimeSpan.Parse((string)range.Minimum, CultureInfo.InvariantCulture);
            var most = TimeSpan.Parse((string)range.Maximum, CultureInfo.InvariantCulture);
            return (Text(least - TimeSpan.FromSeconds(1)), Text(least), Text(most), Text(most + TimeSpan.FromSeconds(1)));
        }

        var (from, to) = (Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture), Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture));
        return (Text(from - 1), Text(from), Text(to), Text(to + 1));
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
