using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore;
using Countersign.Sessions;

namespace Countersign.Server.Configuration;

/// <summary>Reads the whole configuration and finds every fault at once. It changes nothing.</summary>
internal static class ServerSettingsReader
{
    private const string HstsKey = "Auth:Hsts";

    /// <summary>Reads what a command that touches the accounts needs; with <paramref name="serving"/> also what only a server needs.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="environment">Where paths begin, and whether this is Development.</param>
    /// <param name="serving">Whether addresses will be listened on: the issuer and the ports are checked only then.</param>
    /// <param name="settings">The settings; null if there is a fault.</param>
    /// <param name="faults">What is wrong; empty if there are settings.</param>
    public static bool TryRead(
        IConfiguration configuration,
        IHostEnvironment environment,
        bool serving,
        [NotNullWhen(true)] out ServerSettings? settings,
        out IReadOnlyList<ConfigurationFault> faults)
    {
        var reading = new ConfigurationReading(configuration, environment.ContentRootPath);
        SpecificationNames.Read(reading);
        FindUnknownKeys(reading);
        CheckEachSetting(reading);
        var mode = SignatureCheck.Run(reading, environment.IsProduction());
        LifetimeCheck.Run(reading);
        RestoreCheck.Run(reading);
        PasswordCheck.Run(reading);
        ClientCheck.Run(reading);
        var prefix = ApiPrefixCheck.Run(reading);
        var origins = OriginCheck.Run(reading);
        var proxies = ProxyCheck.Run(reading);
        if (serving)
        {
            ProxyCheck.RefuseFrameworkSwitch(reading);
            RuntimeCheck.Run(reading, Environment.Version, RuntimeCheck.AspNetCoreVersion);
        }

        var addresses = serving ? ListenAddresses.Read(reading) : ListenAddresses.None;
        ProxyCheck.RequireForSockets(reading, addresses);
        var isDevelopment = environment.IsDevelopment();
        IssuerCheck.Run(reading, required: serving && !addresses.AreLoopback && !isDevelopment, isDevelopment);

        var data = DataLocation.Read(reading);
        var masterKey = MasterKeySource.Read(reading, data, isDevelopment);

        faults = reading.Faults;
        settings = faults.Count > 0
            ? null
            : new ServerSettings
            {
                Mode = mode,
                DataDirectory = data.Directory,
                DatabaseFile = data.DatabaseFile,
                ConnectionString = data.ConnectionString,
                DatabaseLabel = data.Label,
                Addresses = addresses.Urls,
                MasterKey = masterKey,
                Translated = [.. reading.Translated],
                ApiPrefix = prefix,
                IsRegistrationOpen = !Enum.TryParse<Registration>(reading.Value("Auth:Registration"), ignoreCase: true, out var registration)
                    || registration is Registration.Open,
                IsExposedDevelopment = isDevelopment && !addresses.AreLoopback,

                // By the configured issuer alone: a server that listens on loopback may stand behind a proxy, and then its clients are elsewhere.
                Docs = reading.Value("Auth:Docs") is { } docs ? bool.Parse(docs) : isDevelopment || IssuerRules.IsLoopback(reading.Value("Auth:Issuer")),
                AllowedOrigins = origins,
                TrustedProxies = proxies,
                Hsts = reading.IsSet(HstsKey) ? reading.Duration(HstsKey, TimeSpan.Zero) : null,
            };
        return settings is not null;
    }

    private static void FindUnknownKeys(ConfigurationReading reading)
    {
        var section = reading.Configuration.GetSection(KnownSettings.SectionName);
        foreach (var (key, value) in section.AsEnumerable())
        {
            // A key without a value is only the path to another; the section's own value belongs to whoever uses that variable.
            if (value is null || string.Equals(key, KnownSettings.SectionName, StringComparison.OrdinalIgnoreCase) || KnownSettings.Find(key) is not null)
            {
                continue;
            }

            reading.Fault(key, "is not a setting of this server", $"Did you mean {KnownSettings.Nearest(key)}? Correct the name, or remove it.");
        }
    }

    private static void CheckEachSetting(ConfigurationReading reading)
    {
        var keys = KnownSettings.All.Where(static setting => !setting.IsIndexed).Select(static setting => KeyValuePair.Create(setting.Key, setting))
            .Concat(FindIndexed(reading));
        foreach (var (key, setting) in keys)
        {
            if (reading.Value(key) is { } value && setting.Check(value) is { } problem)
            {
                reading.Fault(key, problem.Problem, problem.Remedy);
            }
        }
    }

    /// <summary>The members of lists that are set: only the configuration knows how many there are.</summary>
    private static IEnumerable<KeyValuePair<string, Setting>> FindIndexed(ConfigurationReading reading)
    {
        foreach (var (key, value) in reading.Configuration.GetSection(KnownSettings.SectionName).AsEnumerable())
        {
            if (value is not null && KnownSettings.Find(key) is { IsIndexed: true } setting)
            {
                yield return KeyValuePair.Create(key, setting);
            }
        }
    }
}
