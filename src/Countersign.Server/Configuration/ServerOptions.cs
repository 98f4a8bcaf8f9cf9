using Countersign.AspNetCore;
using Countersign.AspNetCore.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Server.Configuration;

/// <summary>The settings that the server has besides those of the packages. What is a path or an address is read where it is used.</summary>
internal sealed class ServerOptions
{
    /// <summary>A file with the master key. Null: a file of the data directory, which the first start makes.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Where database and master key lie. Null: <c>data</c> in the working directory.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Whether <c>/docs</c> and the OpenAPI document are served. Null: where the issuer is this machine, and in Development.</summary>
    public bool? Docs { get; set; }

    /// <summary>The origins whose pages may call the routes.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>The proxies whose forwarded headers count.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary><c>max-age</c> of <c>Strict-Transport-Security</c> on https answers: 0 to 730 days; 0 withdraws it. Null, the default: it is not sent.</summary>
    public TimeSpan? Hsts { get; set; }

    /// <summary>The keys that may stand under <c>Auth</c>. Any other stops the start: a misspelt setting must not be ignored.</summary>
    public static KnownSettings Known { get; } =
        new([(CountersignOptions.SectionName, typeof(CountersignOptions)), (CountersignOptions.SectionName, typeof(ServerOptions))]);

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
