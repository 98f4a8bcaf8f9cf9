using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Settings;
using Countersign.Server.Accounts;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Server.Configuration;

/// <summary>Reads the whole configuration and finds all faults at once. It changes nothing.</summary>
internal static class ServerSettingsReader
{
    /// <summary>Reads the settings that commands on accounts need. With <paramref name="serving"/> it also reads those that only the server needs.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="environment">The base of relative paths, and whether this is Development.</param>
    /// <param name="serving">Whether the server will listen. Only then the issuer and the ports are checked.</param>
    /// <param name="settings">The settings; null if there is a fault.</param>
    /// <param name="faults">The faults; empty if there are settings.</param>
    public static bool TryRead(
        IConfiguration configuration,
        IHostEnvironment environment,
        bool serving,
        [NotNullWhen(true)] out ServerSettings? settings,
        out IReadOnlyList<SettingFault> faults)
    {
        var reading = new ConfigurationReading(configuration, environment.ContentRootPath);
        PythonVariables.Read(reading);
        FindUnknownKeys(reading);
        CheckTexts(reading);
        var sound = reading.CreateSound();
        var options = new CountersignOptions<CountersignUser>();
        ServerOptions.SetDefaults(options);
        AuthSections.Bind(options, sound, KnownSettings.OfPackages);
        var own = new ServerOptions();
        sound.GetSection(CountersignOptions.SectionName).Bind(own);
        CheckOptions(reading, sound, options, own, environment);
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
                Mode = SigningModes.Describe(SigningModes.Of(options.SecretKey is not null), options.Algorithm),
                DataDirectory = data.Directory,
                DatabaseFile = data.DatabaseFile,
                ConnectionString = data.ConnectionString,
                DatabaseLabel = data.Label,
                Addresses = addresses.Urls,
                MasterKey = masterKey,
                Translated = [.. reading.Translated],
                ApiPrefix = options.ApiPrefix,
                IsRegistrationOpen = options.Registration is Registration.Open,
                IsExposedDevelopment = isDevelopment && !addresses.AreLoopback,

                // Only the configured issuer counts: a server that listens on loopback may have a proxy before it and clients elsewhere.
                Docs = own.Docs ?? (isDevelopment || IssuerRules.IsLoopback(options.Issuer)),
                AllowedOrigins = origins,
                TrustedProxies = proxies,
                Hsts = own.Hsts,
            };
        return settings is not null;
    }

    private static void FindUnknownKeys(ConfigurationReading reading)
    {
        foreach (var key in ServerOptions.Known.FindUnknown(reading.Configuration))
        {
            var fault = RenamedSettings.Find(key)
                ?? new SettingFault(
                    key, "is not a setting of this server", $"Did you mean {ServerOptions.Known.Nearest(key)}? Correct the name, or remove it.");
            reading.Fault(fault.Key, fault.Problem, fault.Remedy);
        }
    }

    /// <summary>Checks that each text can be parsed.</summary>
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

    /// <summary>Adds the faults that the options classes find. The same checks stop a library app.</summary>
    private static void CheckOptions(
        ConfigurationReading reading, IConfiguration sound, CountersignOptions options, ServerOptions own, IHostEnvironment environment)
    {
        var context = new SettingContext(environment, options.Tokens);
        foreach (var fault in AuthSections.All.SelectMany(Check).Concat(own.Check()))
        {
            reading.Fault(fault);
        }

        // Clients are checked under the indexes that the operator wrote, and the master key where its file is looked for.
        IEnumerable<SettingFault> Check(OptionsPart part) =>
            part.Type == typeof(ClientOptions) ? ClientRules.Check(ConfiguredClients.Read(sound), options.ClientId)
            : part.Type == typeof(KeyOptions) ? []
            : part.Check(options, context);
    }

    /// <summary>Requires an issuer: clients on other machines compare it, and the bound address is not the address that they use.</summary>
    private static void RequireIssuer(ConfigurationReading reading)
    {
        const string Key = "Auth:Issuer";
        if (!reading.IsSet(Key))
        {
            reading.Fault(
                Key,
                "is missing, and the server listens beyond this machine",
                "Set it to the address that clients use, such as https://auth.example.com, or listen on 127.0.0.1 only.");
        }
    }

    /// <summary>The members of lists. Only the configuration knows how many there are.</summary>
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
