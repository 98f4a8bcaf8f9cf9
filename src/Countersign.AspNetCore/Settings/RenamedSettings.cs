using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore.Settings;

/// <summary>Settings that have been renamed. The old name stops the start, because it no longer has an effect.</summary>
internal static class RenamedSettings
{
    /// <summary>Each old key, with its new key.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Auth:UnsafeSecretKey"] = "Auth:UnsafeWeakSecretKey",
        ["Auth:Keys:Period"] = "Auth:Keys:RotationPeriod",
        ["Auth:Keys:Lead"] = "Auth:Keys:PublicationLead",
        ["Auth:Passwords:Deadline"] = "Auth:Passwords:QueueTimeout",
        ["Auth:Passwords:NetworkShare"] = "Auth:Passwords:MaxNetworkShare",
        ["Auth:Passwords:PerAccount"] = "Auth:Passwords:MaxPerAccount",
        ["Auth:Guessing:FreeAttempts"] = "Auth:Lockout:MaxFailedAttempts",
        ["Auth:Guessing:FirstBlock"] = "Auth:Lockout:InitialDuration",
        ["Auth:Guessing:LongestBlock"] = "Auth:Lockout:MaxDuration",
        ["Auth:Guessing:StrangerAttempts"] = "Auth:Lockout:StrangerAttempts",
        ["Auth:Guessing:StrangerInterval"] = "Auth:Lockout:StrangerInterval",
        ["Auth:Guessing:PerNetworkPerMinute"] = "Auth:Limits:SignInsPerNetworkPerMinute",
        ["Auth:Refresh:LostAnswerWindow"] = "Auth:Refresh:LostResponseWindow",
    };

    /// <summary>The fault of an old key; null for every other key.</summary>
    public static SettingFault? Find(string key) =>
        All.TryGetValue(key, out var name) ? new SettingFault(key, "has a new name", $"Write {name} in its place.") : null;
}
