using Microsoft.Extensions.Hosting;

namespace Countersign.Sessions.Settings;

/// <summary>The facts that the check of one options class needs besides the options.</summary>
/// <param name="Environment">The host's environment. Null counts as Production.</param>
/// <param name="Tokens">The token options; null if they have faults.</param>
internal sealed record SettingContext(IHostEnvironment? Environment, CountersignTokenOptions? Tokens)
{
    /// <summary>Whether an http issuer may have any host.</summary>
    public bool IsDevelopment => Environment?.IsDevelopment() ?? false;

    /// <summary>Whether a weak secret stops the start.</summary>
    public bool IsProduction => Environment?.IsProduction() ?? true;
}
