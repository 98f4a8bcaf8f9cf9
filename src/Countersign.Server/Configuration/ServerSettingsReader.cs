using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Settings;
using Countersign.Sessions;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Server.Configuration;

/// <summary>Reads the whole configuration and finds every fault at once. It changes nothing.</summary>
internal static class ServerSettingsReader
{
    private const string HstsKey = "Auth:Hsts";
    private const string SecretKey = "Auth:SecretKey";

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
        PythonVariables.Read(reading);
        FindUnknownKeys(reading);
        CheckTexts(reading);
        var sound = reading.CreateSound();
        CheckOptions(reading, sound, environment);
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
        if (serving && !addresses.AreLoopback && !isDevelopment)
        {
            RequireIssuer(reading);
        }

        var data = DataLocation.Read(reading);
        var masterKey = MasterKeySource.Read(reading, data, isDevelopment);

        faults = reading.Faults;
        settings = faults.Count > 0
            ? null
            : new ServerSettings
            {
                Mode = SigningModes.Describe(SigningModes.Of(reading.IsSet(SecretKey)), reading.Value("Auth:Algorithm")),
                DataDirectory = data.Directory,
                DatabaseFile = data.DatabaseFile,
                ConnectionString = data.ConnectionString,
                DatabaseLabel = data.Label,
                Addresses = addresses.Urls,
                MasterKey = masterKey,
                Translated = [.. reading.Translated],
                ApiPrefix = reading.Value("Auth:ApiPrefix") ?? new CountersignOptions().ApiPrefix,
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
        foreach (var key in ServerOptions.Known.FindUnknown(reading.Configuration))
        {
            var fault = RenamedSettings.Find(key)
                ?? new SettingFault(key, "is not a setting of this server", $"Did you mean {ServerOptions.Known.Nearest(key)}? Correct the name, or remove it.");
            reading.Fault(fault.Key, fault.Problem, fault.Remedy);
        }
    }

    /// <summary>Whether each text can be read at all.</summary>
    private static void CheckTexts(ConfigurationReading reading)
    {
        var keys = ServerOptions.Known.All.Where(static setting => !setting.IsIndexed).Select(static setting => KeyValuePair.Create(setting.Key, setting))
            .Concat(FindIndexed(reading));
        foreach (var (key, setting) in keys)
        {
            if (reading.Value(key) is { } value && setting.Check(value) is { } fault)
            {
                reading.Fault(key, fault.Problem, fault.Remedy);
            }
        }
    }

    /// <summary>What the options classes say of the values, by the checks that stop a library app too.</summary>
    private static void CheckOptions(ConfigurationReading reading, IConfiguration sound, IHostEnvironment environment)
    {
        var tokens = new CountersignTokenOptions();
        sound.GetSection(CountersignTokenOptions.SectionName).Bind(tokens);
        var context = new SettingContext(environment, tokens);
        foreach (var section in ServerOptions.Sections)
        {
            // Clients are checked under the indexes that the operator wrote, and the master key where its file is looked for.
            var faults = section.Type == typeof(ClientOptions) ? ClientRules.Check(ConfiguredClients.Read(sound), tokens.ClientId)
                : section.Type == typeof(KeyOptions) ? []
                : section.Check(sound, context);
            foreach (var fault in faults)
            {
                reading.Fault(fault);
            }
        }
    }

    /// <summary>Where clients on other machines compare the issuer, the bound address says nothing.</summary>
    private static void RequireIssuer(ConfigurationReading reading)
    {
        const string Key = "Auth:Issuer";
        if (!reading.IsSet(Key))
        {
            reading.Fault(Key, "is missing, and the server listens beyond this machine", "Set it to the address that clients use, such as https://auth.example.com, or listen on 127.0.0.1 only.");
        }
    }

    /// <summary>The members of lists that are set: only the configuration knows how many there are.</summary>
    private static IEnumerable<KeyValuePair<string, Setting>> FindIndexed(ConfigurationReading reading)
    {
        foreach (var (key, _) in KnownSettings.Values(reading.Configuration))
        {
            if (ServerOptions.Known.Find(key) is { IsIndexed: true } setting)
            {
                yield return KeyValuePair.Create(key, setting);
            }
        }
    }
}
