using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>Which <see cref="SigningMode"/> the settings choose, and whether they agree on it.</summary>
internal static class SigningModes
{
    /// <summary>The setting that confirms a change.</summary>
    public const string Key = $"{CountersignTokenOptions.SectionName}:{nameof(CountersignTokenOptions.Mode)}";

    /// <summary>The mode: a secret decides it.</summary>
    public static SigningMode Of(bool hasSecret) => hasSecret ? SigningMode.SharedSecret : SigningMode.OwnKeys;

    /// <summary>The words for a person: <c>own keys (ES256)</c>.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="algorithm">The algorithm that is configured; null for the default.</param>
    public static string Describe(SigningMode mode, string? algorithm) =>
        mode == SigningMode.SharedSecret ? $"shared secret ({SignatureAlgorithm.HS256.Name})" : $"own keys ({algorithm ?? SignatureAlgorithm.ES256.Name})";

    /// <summary>Says what is wrong with the setting beside a secret or without one; null if nothing is.</summary>
    public static (string Problem, string Remedy)? FindFault(SigningMode? mode, bool hasSecret) => mode switch
    {
        null => null,
        SigningMode.OwnKeys when hasSecret => (
            "is OwnKeys, and a secret is set", "Remove Auth:SecretKey, or write SharedSecret if the other services that have the secret may make tokens."),
        SigningMode.SharedSecret when !hasSecret => ("is SharedSecret, and no secret is set", "Set Auth:SecretKey, or write OwnKeys."),
        SigningMode.OwnKeys or SigningMode.SharedSecret => null,
        _ => ("is no mode", "Write OwnKeys or SharedSecret, or remove it."),
    };

    /// <summary>Says that the database belongs to the other mode.</summary>
    public static string OtherMode(SigningMode mode) => mode == SigningMode.SharedSecret
        ? $"{Key}: the database was used with keys of its own until now, and this start has a secret (Auth:SecretKey or SECRET_KEY). Every service that has it could make tokens of any account, "
            + $"and all sessions would end. If that is meant, set {Key} to {SigningMode.SharedSecret}. Otherwise remove the secret."
        : $"{Key}: the database was used with a shared secret until now, and this start has none. Services that verify tokens with the secret would refuse all new ones, and all sessions would "
            + $"end. If that is meant, set {Key} to {SigningMode.OwnKeys}. Otherwise set Auth:SecretKey (or SECRET_KEY).";
}
