using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>Finds the <see cref="SigningMode"/> from the settings, and checks whether they agree on it.</summary>
internal static class SigningModes
{
    /// <summary>The setting that confirms a change of the mode.</summary>
    public const string Key = $"{CountersignTokenOptions.SectionName}:{nameof(CountersignTokenOptions.Mode)}";

    /// <summary>Returns the mode. It depends on whether there is a secret.</summary>
    public static SigningMode Of(bool hasSecret) => hasSecret ? SigningMode.SharedSecret : SigningMode.OwnKeys;

    /// <summary>Describes the mode for a person: <c>own keys (ES256)</c>.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="algorithm">The configured algorithm; null for the default.</param>
    public static string Describe(SigningMode mode, string? algorithm) =>
        mode == SigningMode.SharedSecret ? $"shared secret ({SignatureAlgorithm.HS256.Name})" : $"own keys ({algorithm ?? SignatureAlgorithm.ES256.Name})";

    /// <summary>Returns what is wrong with the setting, with or without a secret; null if nothing is wrong.</summary>
    public static (string Problem, string Remedy)? FindFault(SigningMode? mode, bool hasSecret) => mode switch
    {
        null => null,
        SigningMode.OwnKeys when hasSecret => (
            "is OwnKeys, and a secret is set", "Remove Auth:SecretKey. Or write SharedSecret, if the other services with the secret may make tokens."),
        SigningMode.SharedSecret when !hasSecret => ("is SharedSecret, and no secret is set", "Set Auth:SecretKey, or write OwnKeys."),
        SigningMode.OwnKeys or SigningMode.SharedSecret => null,
        _ => ("is not a mode", "Write OwnKeys or SharedSecret, or remove it."),
    };

    /// <summary>Returns the message for a database that was used in the other mode.</summary>
    public static string OtherMode(SigningMode mode) => mode == SigningMode.SharedSecret
        ? $"{Key}: until now the service has signed with its own keys, and this start has a secret (Auth:SecretKey or SECRET_KEY). "
            + "Every service with this secret could make tokens for any account, and all sessions would end. "
            + $"If you want this change, set {Key} to {SigningMode.SharedSecret}. Otherwise remove the secret."
        : $"{Key}: until now the service has signed with a shared secret, and this start has none. "
            + "Services that verify tokens with the secret would refuse all new tokens, and all sessions would end. "
            + $"If you want this change, set {Key} to {SigningMode.OwnKeys}. Otherwise set Auth:SecretKey (or SECRET_KEY).";
}
