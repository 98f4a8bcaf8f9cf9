using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests;

public sealed class CountersignServiceCollectionExtensionsTests
{
    [Fact]
    public void AddCountersign_Always_LeavesIdentitysOptionsAlone()
    {
        var services = new ServiceCollection();
        services.AddCountersign<AppUser>();
        using var provider = services.BuildServiceProvider();

        Assert.Equivalent(new IdentityOptions(), provider.GetRequiredService<IOptions<IdentityOptions>>().Value, strict: true);
    }

    [Fact]
    public void UseCountersignDefaults_CalledByTheApp_AreTheServersRules()
    {
        var options = new IdentityOptions().UseCountersignDefaults();

        Assert.False(
            options.Password.RequireDigit || options.Password.RequireNonAlphanumeric || options.Password.RequireLowercase || options.Password.RequireUppercase);
        Assert.True(options.User.RequireUniqueEmail);
        Assert.Equal(string.Empty, options.User.AllowedUserNameCharacters);
    }

    [Fact]
    public void AddCountersign_Always_RegistersNoDataProtection()
    {
        var services = new ServiceCollection();
        services.AddCountersign<AppUser>();

        Assert.DoesNotContain(services, service => service.ServiceType.FullName!.Contains("DataProtection", StringComparison.Ordinal));
    }

    [Fact]
    public void AddCountersign_BeforeIdentity_IsTheSameAsAfter()
    {
        var services = new ServiceCollection();
        services.AddCountersign<AppUser>();
        services.AddIdentityCore<AppUser>();

        var manager = Assert.Single(services, service => service.ServiceType == typeof(UserManager<AppUser>));
        Assert.Equal(typeof(CountersignUserManager<AppUser>), manager.ImplementationType);
        var validators = services.Where(service => service.ServiceType == typeof(IPasswordValidator<AppUser>)).Select(service => service.ImplementationType);
        Assert.Equal([typeof(PasswordValidator<AppUser>), typeof(PasswordRulesValidator<AppUser>)], validators);
    }

    [Fact]
    public void AddCountersign_Twice_RegistersOnce()
    {
        var services = new ServiceCollection();
        services.AddCountersign<AppUser>();
        var count = services.Count(service => service.ServiceType != typeof(IConfigureOptions<CountersignOptions>));
        services.AddCountersign<AppUser>();

        Assert.Single(services, service => service.ServiceType == typeof(IAccountEditor));
        Assert.Single(services, service => service.ImplementationType == typeof(IdentityStartup<AppUser>));
        Assert.True(count > 0);
    }

    /// <summary>A setting out of its range, and what the fault that stops the host names.</summary>
    public static TheoryData<string, string, string> Faults => new()
    {
        { "Auth:ApiPrefix", "api", "Auth:ApiPrefix" },
        { "Auth:ApiPrefix", "/api/", "Auth:ApiPrefix" },
        { "Auth:ApiPrefix", "/{api}", "Auth:ApiPrefix" },
        { "Auth:ApiPrefix", "/a/../b", "Auth:ApiPrefix" },
        { "Auth:QueryTokenPaths:0", "hub", "Auth:QueryTokenPaths" },
        { "Auth:QueryTokenPaths:0", "/api/v1/auth", "Auth:QueryTokenPaths" },
        { "Auth:QueryTokenPaths:0", "/API", "Auth:QueryTokenPaths" },
        { "Auth:Lockout:MaxFailedAttempts", "0", "MaxFailedAttempts" },
        { "Auth:Lockout:InitialDuration", "00:20:00", "Auth:Lockout:InitialDuration" },
        { "Auth:Limits:SignInsPerNetworkPerMinute", "0", "PerNetworkPerMinute" },
        { "Auth:Passwords:Workers", "-1", "Auth:Passwords:Workers is -1, which is out of range. Write a whole number from 0 to 256." },
        { "Auth:PasswordRules:MinimumLength", "7", "MinimumLength" },
        { "Auth:MasterKey", "short", "Auth:MasterKey" },
        { "Auth:Issuer", "nonsense", "Auth:Issuer" },
        { "Auth:Issuer", "https://auth.example.com/a\tb", "Auth:Issuer" },
        {
            "Auth:Limits:RefreshesPerNetworkPerMinute",
            "0",
            "Auth:Limits:RefreshesPerNetworkPerMinute is 0, which is out of range. Write a whole number from 1 to 10000000."
        },
        { "Auth:Sessions:MaxPerUsr", "5", "Auth:Sessions:MaxPerUsr is not a setting of Countersign. Did you mean Auth:Sessions:MaxPerUser?" },
        { "Auth:Sessions:IdleLifetime", "30", "Auth:Sessions:IdleLifetime is \"30\", which is not a duration" },
        { "Auth:Clients:0:Secret", "hunter2", "Auth:Clients:0:Secret is not a setting of Countersign. Did you mean Auth:Clients:0:SecretHash?" },
    };

    /// <summary>An app may keep settings of its own beside those of Countersign.</summary>
    [Theory]
    [InlineData("Auth:Isuer", "Auth:Issuer")]
    [InlineData("Auth:Mine:Colour", null)]
    public async Task AddCountersign_UnknownKeyBesideTheSections_IsAWarning(string key, string? nearest)
    {
        await using var app = await App.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = "x" });

        var line = Assert.Single(app.Log.Lines, static line => line.Event == 3301).Text;
        Assert.Contains(key, line, StringComparison.Ordinal);
        Assert.Contains(nearest ?? string.Empty, line, StringComparison.Ordinal);
    }

    /// <summary>A test host turns its settings into arguments, and gives an empty value to each key on the way to one.</summary>
    [Fact]
    public async Task AddCountersign_EmptyValueAboveAnotherKey_IsNoSetting()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Sessions"] = "",
            ["Auth:Sessions:MaxPerUser"] = "5",
            ["Auth:Clients"] = "",
            ["Auth:Clients:0"] = "",
            ["Auth:Audience"] = "https://api.example.com",
            ["Auth:Clients:0:Id"] = "mobile",
            ["Auth:Clients:0:Audiences"] = "",
            ["Auth:Clients:0:Audiences:0"] = "https://api.example.com",
            ["Auth:Clients:0:SecretHash"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        };

        await using var app = await App.StartAsync(settings: settings);

        Assert.DoesNotContain(app.Log.Lines, static line => line.Event == 3301);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task AddCountersign_SettingOutOfRange_StopsTheHostAndNamesIt(string name, string value, string named)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { [name] = value };

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => App.StartAsync(settings: settings));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api/v1")]
    [InlineData("/auth-api_2.0~x")]
    public void Check_GoodPrefix_Passes(string prefix) =>
        Assert.Empty(new CountersignOptions<AppUser> { ApiPrefix = prefix }.Check());

    [Fact]
    public void DisplayName_NotASettableProperty_IsRefused()
    {
        var options = new CountersignUserOptions<AppUser>();

        Assert.Throws<ArgumentException>(() => options.DisplayName = user => user.UserName + "!");
        Assert.Throws<ArgumentException>(() => options.DisplayName = user => user.DisplayName!.ToString());
        Assert.Throws<ArgumentException>(() => options.DisplayName = _ => "Ann");
        Assert.Throws<ArgumentNullException>(() => options.IsActive = null!);
        options.DisplayName = user => user.DisplayName;
        options.DisplayName = null;
    }

    [Fact]
    public void PasswordExpiresAt_NotASettablePropertyThatMayBeNull_IsRefused()
    {
        var options = new CountersignUserOptions<AppUser>();

        Assert.Throws<ArgumentException>(() => options.PasswordExpiresAt = _ => DateTimeOffset.MaxValue);
        Assert.Throws<ArgumentException>(() => options.PasswordExpiresAt = user => user.LockoutEnd ?? user.JoinedAt);
        Assert.Throws<ArgumentException>(() => options.PasswordExpiresAt = user => user.JoinedAt);
        options.PasswordExpiresAt = user => user.LockoutEnd;
        options.PasswordExpiresAt = null;
    }

    /// <summary>The addresses bound, whether the app is in development, and the issuer that follows.</summary>
    public static TheoryData<string, bool, string?> Bound => new()
    {
        { "http://localhost:5000", false, "http://localhost:5000" },
        { "http://127.0.0.1:5000", false, "http://127.0.0.1:5000" },
        { "http://[::1]:5000", false, "http://[::1]:5000" },
        { "http://127.0.0.1:5000 https://127.0.0.1:5001", false, "https://127.0.0.1:5001" },
        { "http://127.0.0.1:80", false, "http://127.0.0.1" },
        { "http://0.0.0.0:5000", false, null },
        { "http://*:5000", false, null },
        { "http://localhost:5000 http://192.0.2.1:5000", false, null },
        { "http://0.0.0.0:5000", true, "http://localhost:5000" },
        { "http://[::]:5000", true, "http://localhost:5000" },
        { "http://+:5000", true, "http://localhost:5000" },
        { "http://unix:/run/app.sock", false, null },
        { "", false, null },
        { "", true, "http://localhost" },
    };

    [Theory]
    [MemberData(nameof(Bound))]
    public void Find_BoundAddresses_GiveAnIssuerOnlyWhereNoStrangerComes(string addresses, bool isDevelopment, string? issuer) =>
        Assert.Equal(issuer, BoundAddress.Find(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries), isDevelopment));
}
