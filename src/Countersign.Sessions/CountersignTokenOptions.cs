using Countersign.Sessions.Keys;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Settings;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>
/// What the service's tokens contain, and which key or secret signs them. An app sets these options at the top of <c>CountersignOptions</c>, where each
/// property is described.
/// </summary>
internal sealed class CountersignTokenOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    public string? Issuer { get; set; }

    public string? Audience { get; set; }

    public string ClientId { get; set; } = "countersign";

    public string? SecretKey { get; set; }

    public string? PreviousSecretKey { get; set; }

    public bool UnsafeWeakSecretKey { get; set; }

    public SigningMode? Mode { get; set; }

    public string? Algorithm { get; set; }

    public int VerifiedTokenEntries { get; set; } = VerifiedTokenCache.DefaultMaxEntries;

    public int VerifiedTokenBytes { get; set; } = (int)VerifiedTokenCache.DefaultMaxBytes;

    /// <summary>Returns the type's name, never the values: the options hold secrets.</summary>
    public override string ToString() => nameof(CountersignTokenOptions);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check(SettingContext context)
    {
        var check = new SettingCheck(SectionName);
        CheckIssuer(check, context.IsDevelopment);
        if (Audience is not null && string.IsNullOrWhiteSpace(Audience))
        {
            check.Add(nameof(Audience), "is blank", "Name an audience, or remove the setting; then the audience is the issuer.");
        }

        if (string.IsNullOrWhiteSpace(ClientId))
        {
            check.Add(nameof(ClientId), "is blank", "Name a client, or remove the setting; then it is \"countersign\".");
        }

        CheckSecrets(check, context.IsProduction);
        CheckAlgorithm(check);
        if (SigningModes.FindFault(Mode, SecretKey is not null) is { } mode)
        {
            check.Add(nameof(Mode), mode.Problem, mode.Remedy, nameof(SecretKey));
        }

        VerifiedTokenCache.Check(check, VerifiedTokenEntries, VerifiedTokenBytes);
        return check.Faults;
    }

    private void CheckIssuer(SettingCheck check, bool isDevelopment)
    {
        if (Issuer is null)
        {
            return;
        }

        if (!IssuerRules.IsIssuer(Issuer))
        {
            check.Add(
                nameof(Issuer),
                "is not an absolute http or https URL without user, query, fragment and slash at the end",
                "Write the address that clients use, such as https://auth.example.com");
        }
        else if (IssuerRules.IsPlaintext(Issuer, isDevelopment))
        {
            check.Add(
                nameof(Issuer),
                $"is \"{Issuer}\", so passwords and tokens would cross the network in plain text",
                "Write the https address that clients use. http is allowed for localhost and loopback addresses, and in Development.");
        }
    }

    private void CheckSecrets(SettingCheck check, bool isProduction)
    {
        var takesWeak = SharedSecretCheck.TakesWeak(isProduction, Issuer, UnsafeWeakSecretKey);
        CheckSecret(check, nameof(SecretKey), SecretKey, takesWeak);
        CheckSecret(check, nameof(PreviousSecretKey), PreviousSecretKey, takesWeak);
        if (PreviousSecretKey is null)
        {
            return;
        }

        if (SecretKey is null)
        {
            check.Add(
                nameof(PreviousSecretKey),
                "is set without a current secret",
                $"Set {check.Key(nameof(SecretKey))} too, or remove the previous one.",
                nameof(SecretKey));
        }
        else if (string.Equals(SecretKey, PreviousSecretKey, StringComparison.Ordinal))
        {
            check.Add(nameof(PreviousSecretKey), "is the same as the current secret", "Remove it.");
        }
    }

    private static void CheckSecret(SettingCheck check, string name, string? secret, bool takesWeak)
    {
        if (secret is not null && SharedSecretCheck.FindFault(secret, takesWeak) is { } fault)
        {
            check.Add(name, $"is no secret to sign with: {fault.TrimEnd('.')}", "Make one with: openssl rand -base64 32");
        }
    }

    private void CheckAlgorithm(SettingCheck check)
    {
        if (Algorithm is null)
        {
            return;
        }

        var secret = check.Key(nameof(SecretKey));
        if (SignatureAlgorithm.Find(Algorithm) is not { } algorithm)
        {
            var others = string.Join(", ", SignatureAlgorithm.All.Where(static one => !one.IsSymmetric));
            check.Add(
                nameof(Algorithm),
                $"is \"{Algorithm}\", which is no algorithm of Countersign",
                $"Write HS256 if you set {secret}. Otherwise write one of {others}.");
        }
        else if (SecretKey is not null && algorithm != SignatureAlgorithm.HS256)
        {
            check.Add(
                nameof(Algorithm),
                $"is {Algorithm}, and a secret is set",
                $"Write HS256. Or remove {secret}; then the service's own keys sign with {Algorithm}.",
                nameof(SecretKey));
        }
        else if (SecretKey is null && algorithm.IsSymmetric)
        {
            // Other services can't verify HS256 with a key that only this service has.
            check.Add(nameof(Algorithm), $"is {Algorithm}, and no secret is set", $"Set {secret}, or write ES256.", nameof(SecretKey));
        }
    }
}
