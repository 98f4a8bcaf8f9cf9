using Microsoft.Extensions.Hosting;

namespace Countersign.Sessions.Settings;

/// <summary>What the check of one options class needs to know beside the options.</summary>
/// <param name="Environment">The host's environment. Null where there is none: that counts as Production.</param>
/// <param name="Tokens">The options on tokens; null while they have faults of their own.</param>
internal sealed record SettingContext(IHostEnvironment? Environment, CountersignTokenOptions? Tokens)
{
    /// <summary>Whether an http issuer may be any host.</summary>
    public bool IsDevelopment => Environment?.IsDevelopment() ?? false;

    /// <summary>Whether a weak secret stops the start.</summary>
    public bool IsProduction => Environment?.IsProduction() ?? true;
}
