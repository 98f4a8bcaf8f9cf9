using Countersign.Sessions.Keys;
using Countersign.Sessions.Settings;

namespace Countersign.Sessions;

/// <summary>The options classes of this package.</summary>
internal static class SessionSections
{
    /// <summary>What the tokens contain, and which key or secret signs them.</summary>
    public static SettingSection<CountersignTokenOptions> Tokens { get; } =
        new(CountersignTokenOptions.SectionName, static (options, context) => options.Check(context));

    /// <summary>The master key.</summary>
    public static SettingSection<KeyOptions> Keys { get; } = new(KeyOptions.SectionName, static (options, context) => options.Check(context));

    /// <summary>When keys are replaced.</summary>
    public static SettingSection<CountersignKeyRotationOptions> KeyRotation { get; } =
        new(CountersignKeyRotationOptions.SectionName, static (options, _) => options.Check());

    /// <summary>How long sessions live.</summary>
    public static SettingSection<CountersignSessionOptions> Sessions { get; } =
        new(CountersignSessionOptions.SectionName, static (options, _) => options.Check());

    /// <summary>How refresh tokens rotate.</summary>
    public static SettingSection<CountersignRefreshOptions> Refresh { get; } =
        new(CountersignRefreshOptions.SectionName, static (options, _) => options.Check());

    /// <summary>How long rows stay.</summary>
    public static SettingSection<CountersignCleanupOptions> Cleanup { get; } =
        new(CountersignCleanupOptions.SectionName, static (options, _) => options.Check());
}
