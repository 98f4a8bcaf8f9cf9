using System.CommandLine;

namespace Countersign.Server.Commands;

/// <summary>Options that every command takes.</summary>
internal static class CommonOptions
{
    /// <summary>The environment's name, as <c>ASPNETCORE_ENVIRONMENT</c> gives it otherwise.</summary>
    public static Option<string?> Environment { get; } = new("--environment")
    {
        Description = "Development or Production (default: ASPNETCORE_ENVIRONMENT, or Production)",
        Recursive = true,
    };
}
