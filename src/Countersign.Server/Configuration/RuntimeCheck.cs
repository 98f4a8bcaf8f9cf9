using System.Reflection;

namespace Countersign.Server.Configuration;

/// <summary>Checks the version of the runtime. Older runtimes have vulnerabilities against which the server cannot protect itself.</summary>
internal static class RuntimeCheck
{
    // CVE-2025-55315 (request smuggling in Kestrel) was fixed before 10.0.0, CVE-2026-40372 (forged payloads of data protection) in 10.0.7.
    private static readonly Version KnownHoles = new(10, 0, 7);

    /// <summary>
    /// The oldest allowed runtime: the version of the packages with which the server was built, or of the SDK that built it, if that is older.
    /// </summary>
    public static Version Floor { get; } = ReadFloor();

    /// <summary>The version of ASP.NET Core, which is installed separately from the base library; null if its assembly does not say.</summary>
    public static Version? AspNetCoreVersion
    {
        get
        {
            var text = typeof(WebApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

            // "10.0.12+commit", or "11.0.0-preview.1+commit".
            return text is not null && Version.TryParse(text.Split('+', '-')[0], out var version) ? version : null;
        }
    }

    /// <summary>Adds a fault if the runtime is too old.</summary>
    /// <param name="reading">The pass over the configuration.</param>
    /// <param name="runtime">The version of the base library.</param>
    /// <param name="aspNetCore">The version of ASP.NET Core. Null if it is unknown, which is not a fault.</param>
    public static void Run(ConfigurationReading reading, Version runtime, Version? aspNetCore)
    {
        Check(reading, "Microsoft.NETCore.App", runtime);
        if (aspNetCore is not null)
        {
            Check(reading, "Microsoft.AspNetCore.App", aspNetCore);
        }
    }

    private static void Check(ConfigurationReading reading, string framework, Version version)
    {
        if (version < Floor)
        {
            reading.FaultIn(
                framework,
                $"is {version}, older than what the server was built with, and may lack security fixes",
                $"Install the .NET runtime {Floor} or newer.");
        }
    }

    private static Version ReadFloor()
    {
        // The version of a preview SDK has this form too: "11.0.0-preview.1".
        var built = typeof(RuntimeCheck).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static data => data.Key is "RuntimeFloor").Value!.Split('-')[0];
        return Version.Parse(built) is var version && version > KnownHoles ? version : KnownHoles;
    }
}
