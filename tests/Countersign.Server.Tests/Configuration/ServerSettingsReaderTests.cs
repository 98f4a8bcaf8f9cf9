using System.Net;
using System.Net.Sockets;
using Countersign.Server.Configuration;
using Countersign.Sessions.Rotation;

namespace Countersign.Server.Tests.Configuration;

public sealed class ServerSettingsReaderTests : IDisposable
{
    private const string GoodSecret = "Zt4vR8xQ2mK7pL1nW9yB3cF6hJ5dG0sA_uEiOqTzXwVr";
    private const string GoodMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>One row a rule: key and value, the source that is named, a part of the problem, a part of the remedy.</summary>
    public static TheoryData<string, string, string, string, string> Faults => new()
    {
        // What signs.
        { "SECRET_KEY", "short", "SECRET_KEY", "is no secret", "secrets new" },
        { "SECRET_KEY", "your-secret-key-change-in-production", "SECRET_KEY", "is no secret", "secrets new" },
        { "SECRET_KEY", "", "SECRET_KEY", "is set but empty", "remove it" },
        { "Auth:SecretKey", "short", "Auth:SecretKey", "is no secret", "secrets new" },
        { "Auth:PreviousSecretKey", GoodSecret, "Auth:PreviousSecretKey", "without a current secret", "SECRET_KEY" },
        { "ALGORITHM", "HS256", "ALGORITHM", "no secret is set", "SECRET_KEY" },
        { "ALGORITHM", "none", "ALGORITHM", "no algorithm of Countersign", "ES256" },
        { "ALGORITHM", "es256", "ALGORITHM", "no algorithm of Countersign", "ES256" },
        { "ALGORITHM", "HS512", "ALGORITHM", "no secret is set", "SECRET_KEY" },
        { "ALGORITHM", "EdDSA", "ALGORITHM", "no algorithm of Countersign", "PS512" },

        { "SECRET_KEY", "abcdefghijklmnopqrstuvwxyz123456", "SECRET_KEY", "in the order of", "secrets new" },
        { "SECRET_KEY", "super long jwt key for production do not share", "SECRET_KEY", "has a space", "secrets new" },
        { "Auth:UnsafeWeakSecretKey", "yes", "Auth:UnsafeWeakSecretKey", "neither true nor false", "true or false" },
        { "Auth:Mode", "SharedSecret", "Auth:Mode", "no secret is set", "OwnKeys" },
        { "Auth:Mode", "1", "Auth:Mode", "which is not one of its values", "OwnKeys or SharedSecret" },

        // Who it is.
        { "Auth:Issuer", "auth.example.com", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Issuer", "ftp://auth.example.com", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Issuer", "https://auth.example.com?x=1", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Issuer", "https://auth.example.com#x", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Issuer", "https://auth.example.com/", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Issuer", "https://me@auth.example.com", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Issuer", "", "Auth:Issuer", "is set but empty", "remove it" },
        { "Auth:Issuer", "http://auth.example.com", "Auth:Issuer", "plain text", "https address" },
        { "Auth:Issuer", "http://10.0.0.5:5080", "Auth:Issuer", "plain text", "https address" },
        { "Auth:Issuer", "http://localhost.example.com", "Auth:Issuer", "plain text", "https address" },
        { "Auth:Audience", " ", "Auth:Audience", "is set but empty", "remove it" },
        { "API_V1_PREFIX", "api/v1", "API_V1_PREFIX", "not a path", "/api/v1" },
        { "API_V1_PREFIX", "/api/v1/", "API_V1_PREFIX", "not a path", "/api/v1" },
        { "Auth:ApiPrefix", "/api/{v}", "Auth:ApiPrefix", "not a path", "/api/v1" },
        { "Auth:ApiPrefix", "/api/..", "Auth:ApiPrefix", "not a path", "/api/v1" },
        { "Auth:ApiPrefix", "/./v1", "Auth:ApiPrefix", "not a path", "/api/v1" },

        // Lifetimes and numbers.
        { "ACCESS_TOKEN_EXPIRE_MINUTES", "61", "ACCESS_TOKEN_EXPIRE_MINUTES", "out of range", "from 1 to 60" },
        { "ACCESS_TOKEN_EXPIRE_MINUTES", "0", "ACCESS_TOKEN_EXPIRE_MINUTES", "out of range", "from 1 to 60" },
        { "ACCESS_TOKEN_EXPIRE_MINUTES", "-5", "ACCESS_TOKEN_EXPIRE_MINUTES", "out of range", "from 1 to 60" },
        { "ACCESS_TOKEN_EXPIRE_MINUTES", "half an hour", "ACCESS_TOKEN_EXPIRE_MINUTES", "not a whole number", "minutes" },
        { "ACCESS_TOKEN_EXPIRE_MINUTES", "99999999999", "ACCESS_TOKEN_EXPIRE_MINUTES", "not a whole number", "minutes" },
        { "REFRESH_TOKEN_EXPIRE_DAYS", "7.5", "REFRESH_TOKEN_EXPIRE_DAYS", "not a whole number", "days" },
        { "REFRESH_TOKEN_EXPIRE_DAYS", "366", "REFRESH_TOKEN_EXPIRE_DAYS", "out of range", "from 1 to 365" },
        {
            "REFRESH_TOKEN_EXPIRE_DAYS", "120", "REFRESH_TOKEN_EXPIRE_DAYS", "is longer than Auth:Sessions:AbsoluteLifetime",
            "lengthen Auth:Sessions:AbsoluteLifetime"
        },
        { "Auth:Sessions:AccessTokenLifetime", "30", "Auth:Sessions:AccessTokenLifetime", "not a duration", "[d.]hh:mm:ss" },
        { "Auth:Sessions:AccessTokenLifetime", "02:00:00", "Auth:Sessions:AccessTokenLifetime", "out of range", "01:00:00" },
        { "Auth:Sessions:AccessTokenLifetime", "-00:05:00", "Auth:Sessions:AccessTokenLifetime", "out of range", "01:00:00" },
        { "Auth:Sessions:IdleLifetime", "00:10:00", "Auth:Sessions:IdleLifetime", "does not fit", "AccessTokenLifetime" },
        { "Auth:Sessions:AbsoluteLifetime", "99999.00:00:00", "Auth:Sessions:AbsoluteLifetime", "out of range", "3650" },
        { "Auth:Sessions:MaxPerUser", "many", "Auth:Sessions:MaxPerUser", "not a whole number", "a whole number" },
        { "Auth:Sessions:MaxPerUser", "0", "Auth:Sessions:MaxPerUser", "out of range", "from 1 to 1000" },
        { "Auth:Refresh:Grace", "00:06:00", "Auth:Refresh:Grace", "out of range", "00:05:00" },
        { "Auth:Guessing:FirstBlock", "00:01:00", "Auth:Guessing:FirstBlock", "has a new name", "Auth:Lockout:InitialDuration" },
        { "Auth:Refresh:AfterRestore", "Yes", "Auth:Refresh:AfterRestore", "which is not one of its values", "Refuse or Accept" },
        { "Auth:Refresh:AfterRestore", "1", "Auth:Refresh:AfterRestore", "which is not one of its values", "Refuse or Accept" },
        { "Auth:Refresh:RestorePoint", "yesterday", "Auth:Refresh:RestorePoint", "not an instant", "2030-01-31T12:00:00Z" },
        { "Auth:Refresh:RestorePoint", "2030-01-31", "Auth:Refresh:RestorePoint", "not an instant", "offset" },
        { "Auth:Refresh:AcceptUntil", "2030-01-31T12:00:00", "Auth:Refresh:AcceptUntil", "not an instant", "offset" },
        { "Auth:Refresh:AcceptUntil", "2030-02-30T12:00:00Z", "Auth:Refresh:AcceptUntil", "not an instant", "offset" },
        { "Auth:Cleanup:SessionRetention", "366.00:00:00", "Auth:Cleanup:SessionRetention", "out of range", "365" },
        { "Auth:Cleanup:EventRetention", "23:59:59", "Auth:Cleanup:EventRetention", "out of range", "from 1.00:00:00" },
        { "Auth:Cleanup:EventRetention", "0", "Auth:Cleanup:EventRetention", "not a duration", "[d.]hh:mm:ss" },
        { "Auth:Lockout:InitialDuration", "00:30:00", "Auth:Lockout:InitialDuration", "does not fit", "MaxDuration" },
        { "Auth:Lockout:MaxFailedAttempts", "101", "Auth:Lockout:MaxFailedAttempts", "out of range", "from 1 to 100" },
        { "Auth:Passwords:Cost", "4", "Auth:Passwords:Cost", "out of range", "from 10 to 16" },
        { "Auth:Passwords:MaxStoredCost", "11", "Auth:Passwords:MaxStoredCost", "below the cost", "Auth:Passwords:Cost" },
        { "Auth:Passwords:MaxNetworkShare", "a quarter", "Auth:Passwords:MaxNetworkShare", "not a number", "0.25" },
        { "Auth:Passwords:MaxNetworkShare", "0.001", "Auth:Passwords:MaxNetworkShare", "out of range", "from 0.01 to 1" },
        { "Auth:Sessions:MaxPerUser", "3000000000", "Auth:Sessions:MaxPerUser", "too large", "a whole number" },
        { "Auth:Keys:RotationPeriod", "10:00:00", "Auth:Keys:RotationPeriod", "does not fit", "Auth:Keys:PublicationLead" },
        { "Auth:Issuer", "https://auth.example.com/a\tb", "Auth:Issuer", "not an absolute", "https://" },
        { "Auth:Passwords:MaxNetworkShare", "NaN", "Auth:Passwords:MaxNetworkShare", "not a number", "0.25" },
        { "Auth:PasswordRules:MinimumLength", "7", "Auth:PasswordRules:MinimumLength", "out of range", "from 8 to 64" },

        // Whose pages may call.
        { "Auth:AllowedOrigins:0", "", "Auth:AllowedOrigins:0", "is set but empty", "remove it" },
        { "Auth:AllowedOrigins:0", "*", "Auth:AllowedOrigins:0", "wildcards are not allowed", "each origin" },
        { "Auth:AllowedOrigins:0", "https://*.example.com", "Auth:AllowedOrigins:0", "wildcards are not allowed", "each origin" },
        { "Auth:AllowedOrigins:0", "null", "Auth:AllowedOrigins:0", "sandboxed frame", "its own origin" },
        { "Auth:AllowedOrigins:0", "app.example.com", "Auth:AllowedOrigins:0", "which is not an origin", "https://app.example.com" },
        { "Auth:AllowedOrigins:0", "ftp://app.example.com", "Auth:AllowedOrigins:0", "which is not an origin", "https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://", "Auth:AllowedOrigins:0", "which is not an origin", "https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://app.example.com/", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://app.example.com/login", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://app.example.com?x", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://App.Example.com", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://app.example.com:443", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://me@app.example.com", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://app.example.com" },
        { "Auth:AllowedOrigins:0", "https://äpp.example.com", "Auth:AllowedOrigins:0", "not how browsers send", "Write https://xn--pp-uia.example.com" },
        { "Auth:AllowedOrigins:0", "http://app.example.com", "Auth:AllowedOrigins:0", "anyone on the network", "https://app.example.com" },
        { "Auth:AllowedOrigins", "https://app.example.com", "Auth:AllowedOrigins", "not a setting", "Auth:AllowedOrigins:0?" },

        // Whose forwarded headers count.
        { "Auth:TrustedProxies:0", " ", "Auth:TrustedProxies:0", "is set but empty", "remove it" },
        { "Auth:TrustedProxies:0", "proxy.example.com", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "10.1", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "010.0.0.1", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "10.0.0.5:8080", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "fe80::1%eth0", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "10.0.0.0/33", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "10.0.0.0/", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "10.0.0.0/255.0.0.0", "Auth:TrustedProxies:0", "neither an IP address nor a network", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "10.0.0.5/24", "Auth:TrustedProxies:0", "bits beyond its prefix", "Write 10.0.0.0/24" },
        { "Auth:TrustedProxies:0", "2001:db8::5/64", "Auth:TrustedProxies:0", "bits beyond its prefix", "Write 2001:db8::/64" },
        { "Auth:TrustedProxies:0", "0.0.0.0", "Auth:TrustedProxies:0", "not the address of a machine", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "::", "Auth:TrustedProxies:0", "not the address of a machine", "10.0.0.5" },
        { "Auth:TrustedProxies:0", "0.0.0.0/0", "Auth:TrustedProxies:0", "trusts strangers", "at least the prefix /8" },
        { "Auth:TrustedProxies:0", "::/0", "Auth:TrustedProxies:0", "trusts strangers", "at least the prefix /8 (IPv6: /8)" },
        { "Auth:TrustedProxies:0", "fc00::/7", "Auth:TrustedProxies:0", "trusts strangers", "at least the prefix /8" },
        { "Auth:TrustedProxies:0", "128.0.0.0/1", "Auth:TrustedProxies:0", "trusts strangers", "at least the prefix /8" },
        { "Auth:TrustedProxies:0", "::/8", "Auth:TrustedProxies:0", "holds IPv4 addresses", "IPv4 network itself" },
        { "Auth:TrustedProxies:0", "::ffff:0.0.0.0/96", "Auth:TrustedProxies:0", "holds IPv4 addresses", "IPv4 network itself" },
        { "Auth:TrustedProxies:0", "::ffff:10.0.0.0/104", "Auth:TrustedProxies:0", "holds IPv4 addresses", "IPv4 network itself" },
        { "ForwardedHeaders_Enabled", "true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "lets every client say", "Auth:TrustedProxies:0" },
        { "FORWARDEDHEADERS_ENABLED", "True", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "lets every client say", "Auth:TrustedProxies:0" },
        { "Auth:Hsts", "31536000", "Auth:Hsts", "not a duration", "[d.]hh:mm:ss" },
        { "Auth:Hsts", "731.00:00:00", "Auth:Hsts", "out of range", "730" },

        // Keys that mean nothing.
        { "Auth:Isuer", "https://auth.example.com", "Auth:Isuer", "not a setting", "Auth:Issuer?" },
        { "Auth:IdleLifetime", "7.00:00:00", "Auth:IdleLifetime", "not a setting", "Auth:Sessions:IdleLifetime?" },
        { "Auth:Sessions:MaxPerUsr", "5", "Auth:Sessions:MaxPerUsr", "not a setting", "Auth:Sessions:MaxPerUser?" },
        { "Auth:PasswordRules:ContextWords", "countersign", "Auth:PasswordRules:ContextWords", "not a setting", "Auth:PasswordRules:ContextWords:0?" },
        { "Auth:Clients:1:Secret", "hunter2", "Auth:Clients:1:Secret", "not a setting", "Auth:Clients:1:SecretHash?" },
        { "Auth:PasswordRules:ContextWords:0", "", "Auth:PasswordRules:ContextWords:0", "is set but empty", "Give it a value" },
        { "Auth:Issuer:0", "https://auth.example.com", "Auth:Issuer:0", "not a setting", "Auth:Issuer?" },

        // Master keys.
        { "Auth:MasterKey", "not base64!", "Auth:MasterKey", "not the base64 of 32 random bytes", "secrets new" },
        { "Auth:MasterKey", "AAECAwQFBgcICQoLDA0ODw==", "Auth:MasterKey", "not the base64 of 32 random bytes", "secrets new" },
        { "Auth:MasterKey", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Auth:MasterKey", "not the base64 of 32 random bytes", "secrets new" },
        { "Auth:PreviousMasterKey", "AAEC", "Auth:PreviousMasterKey", "not the base64 of 32 random bytes", "secrets new" },
        { "Auth:MasterKeyFile", "nowhere.key", "Auth:MasterKeyFile", "which does not exist", "secrets new" },

        // Where the data lies.
        { "Auth:DataDirectory", "/proc/countersign", "Auth:DataDirectory", "can't write to /proc", "can write to" },
        { "ConnectionStrings:Countersign", "Host=db;Password=hunter2", "ConnectionStrings:Countersign", "names no host or no database", "Host=" },
        { "ConnectionStrings:Countersign", "Data Source=:memory:", "ConnectionStrings:Countersign", "names no file", "Data Source=" },
        { "ConnectionStrings:Countersign", "", "ConnectionStrings:Countersign", "names no file", "Data Source=" },
        { "ConnectionStrings:Countersign", "Data Source=nowhere/accounts.db", "ConnectionStrings:Countersign", "which does not exist", "Make that directory" },
        { "ConnectionStrings:Countersign", "Data Source=accounts.db;Mode=ReadOnly", "ConnectionStrings:Countersign", "read-only", "Mode=ReadOnly" },
        { "ConnectionStrings:Countersign", "Data Source=.", "ConnectionStrings:Countersign", "is a directory", "Name a file" },

        // Where it listens.
        { "urls", "127.0.0.1:5080", "urls (--urls or ASPNETCORE_URLS)", "not an address to listen on", "http://127.0.0.1:5080" },
        { "urls", "http://127.0.0.1:99999", "urls (--urls or ASPNETCORE_URLS)", "not an address to listen on", "http://127.0.0.1:5080" },
        { "urls", "http://127.0.0.1:0/path", "urls (--urls or ASPNETCORE_URLS)", "not an address to listen on", "http://127.0.0.1:5080" },
        { "urls", "gopher://127.0.0.1:0", "urls (--urls or ASPNETCORE_URLS)", "not an address to listen on", "http://127.0.0.1:5080" },
        { "urls", "http://192.0.2.1:5080", "urls (--urls or ASPNETCORE_URLS)", "can't listen on", "address of this machine" },
        { "Kestrel:Endpoints:Public:Protocols", "Http1", "Kestrel:Endpoints:Public", "names no Url", "Give it one" },
    };

    /// <summary>Both dates of an open window, and the setting that is at fault; null where nothing is.</summary>
    public static TheoryData<string?, string?, string?> RestoreWindows => new()
    {
        { "2030-01-31T12:00:00Z", "2030-02-07T12:00:00Z", null },
        { "2030-01-31T12:00Z", "2030-01-31T14:00:00.5+01:00", null },
        { "2030-01-31T12:00:00Z", "2031-01-31T12:00:00Z", null },
        { null, "2030-02-07T12:00:00Z", "Auth:Refresh:RestorePoint" },
        { "2030-01-31T12:00:00Z", null, "Auth:Refresh:AcceptUntil" },
        { "2030-01-31", "2030-02-07T12:00:00Z", "Auth:Refresh:RestorePoint" },
        { "2030-01-31T12:00:00Z", "2030-01-31T12:00:00Z", "Auth:Refresh:AcceptUntil" },
        { "2030-01-31T12:00:00Z", "2030-01-31T13:00:00+01:00", "Auth:Refresh:AcceptUntil" },
        { "2030-01-31T12:00:00Z", "2031-01-31T12:00:01Z", "Auth:Refresh:AcceptUntil" },
    };

    [Theory]
    [MemberData(nameof(RestoreWindows))]
    public void TryRead_AfterRestoreAccept_NeedsBothDatesInOrder(string? point, string? until, string? faulty)
    {
        var (settings, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Refresh:AfterRestore"] = "accept", ["Auth:Refresh:RestorePoint"] = point, ["Auth:Refresh:AcceptUntil"] = until,
        });

        Assert.Equal(faulty is null, settings is not null);
        Assert.Equal(faulty is null ? [] : [faulty], faults.Select(static fault => fault.Key));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void TryRead_OneFault_IsNamedWithItsSourceAndRemedy(string key, string value, string source, string problem, string remedy)
    {
        // What these rows are not about must be sound.
        var sound = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (key.StartsWith("ConnectionStrings", StringComparison.Ordinal))
        {
            sound["Auth:MasterKey"] = GoodMasterKey;
        }

        if (value.Contains("192.0.2.1", StringComparison.Ordinal))
        {
            sound["Auth:Issuer"] = "https://auth.example.com";
        }

        sound[key] = value;
        var (settings, faults) = SettingsReading.Read(_directory.Path, sound);

        Assert.Null(settings);
        var fault = Assert.Single(faults);
        Assert.Equal(source, fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void TryRead_EveryFault_IsNamedInOnePass()
    {
        // Left out: second rows of a key, names whose setting under Auth is set as well, and what makes another row sound.
        var rows = Faults.Select(row => row.Data).DistinctBy(row => row.Item1, StringComparer.Ordinal)
            .Where(row => row.Item1 is not ("Auth:SecretKey" or "Auth:PreviousSecretKey" or "Auth:Mode" or "ALGORITHM" or "Auth:ApiPrefix"
                or "Auth:MasterKeyFile" or "urls" or "Auth:AllowedOrigins" or "ForwardedHeaders_Enabled" or "FORWARDEDHEADERS_ENABLED"
                or "ACCESS_TOKEN_EXPIRE_MINUTES" or "Auth:Sessions:IdleLifetime" or "Auth:Passwords:MaxStoredCost" or "ConnectionStrings:Countersign"))
            .ToDictionary(row => row.Item1, row => (string?)row.Item2, StringComparer.Ordinal);

        var (settings, faults) = SettingsReading.Read(_directory.Path, rows);

        Assert.Null(settings);
        Assert.Equal(
            rows.Keys.Select(key => key.StartsWith("Kestrel", StringComparison.Ordinal) ? "Kestrel:Endpoints:Public" : key).Order(StringComparer.Ordinal),
            faults.Select(fault => fault.Key).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void TryRead_OriginsProxiesAndHsts_AreReadAsWritten()
    {
        var (settings, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:AllowedOrigins:0"] = "https://app.example.com",
            ["Auth:AllowedOrigins:1"] = "https://xn--pp-uia.example.com:8443",
            ["Auth:AllowedOrigins:2"] = "http://localhost:5173",
            ["Auth:AllowedOrigins:3"] = "http://127.0.0.1:3000",
            ["Auth:AllowedOrigins:4"] = "http://[::1]:3000",
            ["Auth:AllowedOrigins:5"] = "http://app.localhost",
            ["Auth:TrustedProxies:0"] = "10.0.0.5",
            ["Auth:TrustedProxies:1"] = "::ffff:10.0.0.6",
            ["Auth:TrustedProxies:2"] = "10.1.0.0/16",
            ["Auth:TrustedProxies:3"] = "2001:DB8::7",
            ["Auth:TrustedProxies:4"] = "fd00::/8",
            ["Auth:TrustedProxies:5"] = "::1",
            ["Auth:Hsts"] = "365.00:00:00",
        });

        Assert.Empty(faults);
        Assert.Equal(6, settings!.AllowedOrigins.Count);
        Assert.Equal(
            ["10.0.0.5/32", "10.0.0.6/32", "10.1.0.0/16", "2001:db8::7/128", "fd00::/8", "::1/128"],
            settings.TrustedProxies.Select(proxy => proxy.ToString()),
            StringComparer.Ordinal);
        Assert.Equal(TimeSpan.FromDays(365), settings.Hsts);
    }

    [Fact]
    public void TryRead_FrameworkSwitchWithoutAServer_IsNoFault() =>
        Assert.Empty(SettingsReading.Read(
            _directory.Path, [KeyValuePair.Create<string, string?>("ForwardedHeaders_Enabled", "true")], serving: false).Faults);

    [Fact]
    public void TryRead_NothingConfigured_IsSoundAndChangesNothing()
    {
        var (settings, faults) = SettingsReading.Read(_directory.Path, []);

        Assert.Empty(faults);
        Assert.NotNull(settings);
        Assert.Equal(_directory.File("data"), settings.DataDirectory);
        Assert.Equal(_directory.File("data/countersign.db"), settings.DatabaseFile);
        Assert.Equal(_directory.File("data/master.key"), settings.MasterKey.File);
        Assert.True(settings.MasterKey.IsToBeMade);
        Assert.Equal("/api/v1", settings.ApiPrefix);
        Assert.Empty(settings.Translated);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void TryRead_FiveNames_StandForTheSettingsUnderAuth()
    {
        var (settings, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["SECRET_KEY"] = GoodSecret,
            ["ALGORITHM"] = "HS256",
            ["ACCESS_TOKEN_EXPIRE_MINUTES"] = "15",
            ["REFRESH_TOKEN_EXPIRE_DAYS"] = "14",
            ["API_V1_PREFIX"] = "/auth-api/v2",
        });

        Assert.Empty(faults);
        Assert.Equal(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Auth:SecretKey"] = GoodSecret,
                ["Auth:Algorithm"] = "HS256",
                ["Auth:Sessions:AccessTokenLifetime"] = "00:15:00",
                ["Auth:Sessions:IdleLifetime"] = "14.00:00:00",
                ["Auth:ApiPrefix"] = "/auth-api/v2",
            },
            settings!.Translated.ToDictionary(StringComparer.Ordinal));
        Assert.Equal("/auth-api/v2", settings.ApiPrefix);
    }

    [Fact]
    public void TryRead_NameAndSettingUnderAuth_TheSettingWins()
    {
        var (settings, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ACCESS_TOKEN_EXPIRE_MINUTES"] = "not read",
            ["Auth:Sessions:AccessTokenLifetime"] = "00:10:00",
        });

        Assert.Empty(faults);
        Assert.Empty(settings!.Translated);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "Production", false)]
    [InlineData("http://*:0", "Production", false)]
    [InlineData("http://[::]:0", "Production", false)]
    [InlineData("http://auth.example.com:0", "Production", false)]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0", "Production", false)]
    [InlineData("http://0.0.0.0:0", "Development", true)]
    [InlineData("http://127.0.0.1:0", "Production", true)]
    [InlineData("http://localhost:0", "Production", true)]
    [InlineData("http://[::1]:0", "Production", true)]
    public void TryRead_IssuerMissing_IsAFaultBeyondLoopbackAndDevelopment(string urls, string environment, bool sound)
    {
        var (_, faults) = SettingsReading.Read(_directory.Path, [KeyValuePair.Create("urls", (string?)urls)], environment);

        Assert.Equal(sound, faults.Count == 0);
        if (!sound)
        {
            var fault = Assert.Single(faults);
            Assert.Equal("Auth:Issuer", fault.Key);
            Assert.Contains("is missing", fault.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", null, null, "Production", false)]
    [InlineData("http://127.0.0.1:0", null, null, "Staging", false)]
    [InlineData("http://127.0.0.1:0", null, null, "Development", true)]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:5080", null, "Production", true)]
    [InlineData("http://127.0.0.1:0", null, "10.0.0.5", "Production", false)]
    [InlineData("http://127.0.0.1:0", "https://auth.example.com", null, "Production", false)]
    [InlineData("http://127.0.0.1:0", "https://auth.example.com", null, "Staging", false)]
    [InlineData("http://127.0.0.1:0", "https://auth.example.com", null, "Development", true)]
    [InlineData("http://0.0.0.0:0", "https://localhost:5081", null, "Production", true)]
    [InlineData("http://0.0.0.0:0", "http://127.0.0.1:5080", null, "Production", true)]
    [InlineData("http://0.0.0.0:0", "http://auth.example.com", null, "Development", true)]
    public void TryRead_DocsNotSaid_ServedWhereTheIssuerIsLoopbackAndInDevelopment(string urls, string? issuer, string? proxy, string environment, bool docs)
    {
        Dictionary<string, string?> values = new(StringComparer.Ordinal) { ["urls"] = urls, ["Auth:Issuer"] = issuer, ["Auth:TrustedProxies:0"] = proxy };
        foreach (var missing in values.Where(static pair => pair.Value is null).ToList())
        {
            values.Remove(missing.Key);
        }

        Assert.Equal(docs, SettingsReading.Read(_directory.Path, values, environment).Settings!.Docs);
        Assert.True(SettingsReading.Read(_directory.Path, values.Append(new("Auth:Docs", "true")), environment).Settings!.Docs);
        Assert.False(SettingsReading.Read(_directory.Path, values.Append(new("Auth:Docs", "false")), environment).Settings!.Docs);
    }

    [Theory]
    [InlineData("urls", "http://unix:/run/countersign.sock")]
    [InlineData("urls", "http://127.0.0.1:0;http://unix:/run/countersign.sock")]
    [InlineData("Kestrel:Endpoints:Socket:Url", "http://unix:/run/countersign.sock")]
    public void TryRead_UnixSocket_NeedsTheProxyOnIt(string key, string url)
    {
        Dictionary<string, string?> values = new(StringComparer.Ordinal) { [key] = url, ["Auth:Issuer"] = "https://auth.example.com" };

        var fault = Assert.Single(SettingsReading.Read(_directory.Path, values).Faults);
        Assert.Equal("Auth:TrustedProxies", fault.Key);
        Assert.Contains("127.0.0.1", fault.Remedy, StringComparison.Ordinal);

        values["Auth:TrustedProxies:0"] = "127.0.0.1";
        Assert.Empty(SettingsReading.Read(_directory.Path, values).Faults);
    }

    /// <summary>A weak secret: where it stops the start.</summary>
    [Theory]
    [InlineData("Production", null, null, false)]
    [InlineData("Production", "https://auth.example.com", null, false)]
    [InlineData("Production", "https://auth.example.com", "false", false)]
    [InlineData("Production", "https://auth.example.com", "true", true)]
    [InlineData("Production", "http://localhost:5080", null, true)]
    [InlineData("Production", "http://127.0.0.1:5080", null, true)]
    [InlineData("Production", "http://[::1]:5080", null, true)]
    [InlineData("Staging", "https://auth.example.com", null, true)]
    [InlineData("Development", null, null, true)]
    public void TryRead_WeakSecret_IsAFaultInProduction(string environment, string? issuer, string? isUnsafe, bool sound)
    {
        Dictionary<string, string?> values = new(StringComparer.Ordinal) { ["SECRET_KEY"] = "abcdefghijklmnopqrstuvwxyz123456" };
        if (issuer is not null)
        {
            values["Auth:Issuer"] = issuer;
        }

        if (isUnsafe is not null)
        {
            values["Auth:UnsafeWeakSecretKey"] = isUnsafe;
        }

        var (settings, faults) = SettingsReading.Read(_directory.Path, values, environment);
        Assert.Equal(sound ? [] : ["SECRET_KEY"], faults.Select(static fault => fault.Key));
        Assert.Equal(sound ? "shared secret (HS256)" : null, settings?.Mode);

        // Below 32 bytes it is no key at all, whatever is said.
        values["SECRET_KEY"] = "abcdefghijklmnopqrstuvwxyz12345";
        Assert.Single(SettingsReading.Read(_directory.Path, values, environment).Faults);
    }

    [Fact]
    public void TryRead_PortsOfAContainer_AreBeyondLoopback()
    {
        Dictionary<string, string?> ports = new(StringComparer.Ordinal) { ["urls"] = null, ["http_ports"] = "0" };

        var (_, faults) = SettingsReading.Read(_directory.Path, ports);
        Assert.Equal("Auth:Issuer", Assert.Single(faults).Key);

        ports["Auth:Issuer"] = "https://auth.example.com";
        var (settings, none) = SettingsReading.Read(_directory.Path, ports);
        Assert.Empty(none);
        Assert.Equal(["http://*:0"], settings!.Addresses, StringComparer.Ordinal);
    }

    [Fact]
    public void TryRead_CommandOnProductionConfiguration_AsksForNoIssuer()
    {
        var (_, faults) = SettingsReading.Read(_directory.Path, [KeyValuePair.Create("urls", (string?)"http://0.0.0.0:80")], serving: false);

        Assert.Empty(faults);
    }

    [Fact]
    public void TryRead_PortTaken_IsAFault()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        try
        {
            var (_, faults) = SettingsReading.Read(_directory.Path, [KeyValuePair.Create("urls", (string?)$"http://{taken.LocalEndpoint}")]);

            var fault = Assert.Single(faults);
            Assert.Equal("urls (--urls or ASPNETCORE_URLS)", fault.Key);
            Assert.Contains("is taken by another process", fault.Problem, StringComparison.Ordinal);
            Assert.Contains("--urls", fault.Remedy, StringComparison.Ordinal);
        }
        finally
        {
            taken.Stop();
        }
    }

    [Fact]
    public void TryRead_DatabaseIsNoDatabase_IsAFaultAndTheFileStaysAsItIs()
    {
        File.WriteAllText(_directory.File("notes.txt"), "This is a text that is longer than a header.");

        var (_, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Countersign"] = "Data Source=notes.txt",
            ["Auth:MasterKey"] = GoodMasterKey,
        });

        Assert.Contains("is not a SQLite database", Assert.Single(faults).Problem, StringComparison.Ordinal);
        Assert.Equal("This is a text that is longer than a header.", File.ReadAllText(_directory.File("notes.txt")));
    }

    [Fact]
    public void TryRead_DataDirectoryIsAFile_IsAFault()
    {
        File.WriteAllText(_directory.File("data"), string.Empty);

        var (_, faults) = SettingsReading.Read(_directory.Path, []);

        Assert.Contains("which is a file and not a directory", Assert.Single(faults).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Development", null, true)]
    [InlineData("Production", GoodSecret, true)]
    public void TryRead_OwnDatabaseWithoutMasterKey_IsAFaultWhereKeysAreKept(string environment, string? secret, bool sound)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Countersign"] = "Data Source=accounts.db" };
        if (secret is not null)
        {
            values["SECRET_KEY"] = secret;
        }

        var (_, faults) = SettingsReading.Read(_directory.Path, values, environment);

        Assert.Equal(sound, faults.Count == 0);
        if (!sound)
        {
            var fault = Assert.Single(faults);
            Assert.Equal("Auth:MasterKey", fault.Key);
            Assert.Contains("countersign secrets new", fault.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TryRead_DatabaseThereAndItsMasterKeyLost_IsAFault()
    {
        Directory.CreateDirectory(_directory.File("data"));
        File.WriteAllBytes(_directory.File("data/countersign.db"), [.. "SQLite format 3\0"u8, .. new byte[84]]);

        var (_, faults) = SettingsReading.Read(_directory.Path, []);

        var fault = Assert.Single(faults);
        Assert.Equal("Auth:MasterKeyFile", fault.Key);
        Assert.Contains("is missing although the database", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_MasterKeyAndItsFile_IsAFault()
    {
        var (_, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:MasterKey"] = GoodMasterKey,
            ["Auth:MasterKeyFile"] = "master.key",
        });

        Assert.Equal("Auth:MasterKeyFile", Assert.Single(faults).Key);
    }

    [Fact]
    public void TryRead_SecretReplacedByItself_IsAFault()
    {
        var (_, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["SECRET_KEY"] = GoodSecret,
            ["Auth:PreviousSecretKey"] = GoodSecret,
        });

        Assert.Equal("Auth:PreviousSecretKey", Assert.Single(faults).Key);
    }

    [Fact]
    public void TryRead_AnyFault_ShowsNoSecret()
    {
        var (_, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["SECRET_KEY"] = "hunter2",
            ["Auth:PreviousSecretKey"] = "hunter2",
            ["Auth:MasterKey"] = "hunter2",
            ["Auth:PreviousMasterKey"] = "hunter2",
            ["ConnectionStrings:Countersign"] = "Host=db;Password=hunter2",
        });

        Assert.Equal(5, faults.Count);
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("hunter2", StringComparison.Ordinal));
    }
}
