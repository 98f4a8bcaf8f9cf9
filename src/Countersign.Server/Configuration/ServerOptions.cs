using Countersign.AspNetCore;
using Countersign.AspNetCore.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Server.Configuration;

/// <summary>The server's own settings, besides those of the packages. Paths and addresses are parsed where they are used.</summary>
internal sealed class ServerOptions
{
    /// <summary>A file with the master key. Null: a file in the data directory, which the first start makes.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>The directory of the database and the master key. Null: <c>data</c> in the working directory.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Whether <c>/docs</c> and the OpenAPI document are served. Null: only if the issuer is this machine, or in Development.</summary>
    public bool? Docs { get; set; }

    /// <summary>The origins whose pages may call the routes.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>The proxies whose forwarded headers count.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>
    /// <c>max-age</c> of <c>Strict-Transport-Security</c> on https responses: 0 to 730 days. 0 withdraws it. Null, the default: it is not sent.
    /// </summary>
    public TimeSpan? Hsts { get; set; }

    /// <summary>The keys that may stand under <c>Auth</c>. Any other stops the start: a misspelt setting must not be ignored.</summary>
    public static KnownSettings Known { get; } = new(
    [
        (CountersignOptions.SectionName, typeof(CountersignOptions)),
        (CountersignUserOptions.SectionName, typeof(CountersignUserOptions)),
        (CountersignOptions.SectionName, typeof(ServerOptions)),
    ]);

    /// <summary>Sets where the server's defaults differ from those of an app. The configuration comes after it.</summary>
    public static void SetDefaults(CountersignOptions options)
    {
        options.Registration = Registration.Open;
        options.Claims.Name = false;
    }

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(CountersignOptions.SectionName);
        if (Hsts is { } age)
        {
            check.Range(nameof(Hsts), age, TimeSpan.Zero, TimeSpan.FromDays(730));
        }

        return check.Faults;
    }
}
