using System.CommandLine;

namespace Countersign.Server.Commands;

/// <summary>The options of every command.</summary>
internal static class CommonOptions
{
    /// <summary>The name of the environment, in place of <c>ASPNETCORE_ENVIRONMENT</c>.</summary>
    public static Option<string?> Environment { get; } = new("--environment")
    {
        Description = "Development or Production (default: ASPNETCORE_ENVIRONMENT, or Production)",
        Recursive = true,
    };
}
