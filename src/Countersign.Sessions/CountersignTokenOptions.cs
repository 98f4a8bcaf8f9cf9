using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Settings;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>What the service's tokens say of it, and what signs them.</summary>
public sealed class CountersignTokenOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    /// <summary>
    /// The claim <c>iss</c>: an absolute http or https URL without query or fragment (RFC 8414 §2). Null by default: then it is the bound address, which only
    /// Development and loopback allow.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The claim <c>aud</c> of access tokens. Null by default: then it is the issuer; under a shared secret no audience is written or asked for.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim <c>client_id</c> of access tokens (RFC 9068 §2.2), <c>countersign</c> by default.</summary>
    public string ClientId { get; set; } = "countersign";

    /// <summary>
    /// A secret shared with other services, at least 32 bytes of UTF-8. Null by default: keys are made and kept in the database. With a secret every token is
    /// HS256 as the original specification made them (<c>TokenPolicy.SharedSecret</c>).
    /// </summary>
    public string? SecretKey { get; set; }

    /// <summary>
    /// Confirms what signs. Null by default: a <see cref="SecretKey"/> decides, and a start in the other mode than the database was used in ends. Set to the new mode,
    /// the start takes the database over, and all sessions of before end. A value that contradicts <see cref="SecretKey"/> is a fault.
    /// </summary>
    public SigningMode? Mode { get; set; }

    /// <summary>
    /// Whether a <see cref="SecretKey"/> that somebody could guess (<c>TokenPolicy.TryCheckSecret</c>) is used nevertheless, with a warning at each start. False by
    /// default: then it stops the start in Production, unless the host of <see cref="Issuer"/> is <c>localhost</c> or a loopback address. A secret below 32 bytes
    /// is never used.
    /// </summary>
    public bool UnsafeSecretKey { get; set; }

    /// <summary>The secret that <see cref="SecretKey"/> replaces: still accepted, never signs. Null when none is being replaced.</summary>
    public string? PreviousSecretKey { get; set; }

    /// <summary>
    /// The algorithm of new signing keys: <c>ES256</c> by default, or <c>ES384</c>, <c>ES512</c>, <c>RS256</c> to <c>RS512</c>, <c>PS256</c> to
    /// <c>PS512</c>; <c>HS256</c>, and only that, with <see cref="SecretKey"/>. Keys that exist keep theirs.
    /// </summary>
    public string? Algorithm { get; set; }

    /// <summary>
    /// How many verified tokens are remembered, so that the next request with the same token costs a look-up: 0 to 1,000,000, 10,000 by default. 0 verifies
    /// every token every time. Expiry, revocation and the removal of a key are checked each time in any case. An app that has registered a
    /// <see cref="VerifiedTokenCache"/> of its own has that one used, with its own bounds, unless this is 0.
    /// </summary>
    public int VerifiedTokenEntries { get; set; } = VerifiedTokenCache.DefaultMaxEntries;

    /// <summary>How much memory remembered tokens may take, in bytes: 64 KiB to 1 GiB, 16 MiB by default.</summary>
    public int VerifiedTokenBytes { get; set; } = (int)VerifiedTokenCache.DefaultMaxBytes;

    /// <summary>The options in force give nothing away.</summary>
    public override string ToString() => nameof(CountersignTokenOptions);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check(SettingContext context)
    {
        var check = new SettingCheck(SectionName);
        CheckIssuer(check, context.IsDevelopment);
        if (Audience is not null && string.IsNullOrWhiteSpace(Audience))
        {
            check.Add(nameof(Audience), "is blank", "Remove it, which means the issuer, or name an audience.");
        }

        if (string.IsNullOrWhiteSpace(ClientId))
        {
            check.Add(nameof(ClientId), "is blank", "Remove it, which means \"countersign\", or name a client.");
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
                $"is \"{Issuer}\", so that passwords and tokens would pass the network in plain text",
                "Write the https address that clients use. http is taken for localhost and loopback addresses, and in Development.");
        }
    }

    private void CheckSecrets(SettingCheck check, bool isProduction)
    {
        var takesWeak = SharedSecretCheck.TakesWeak(isProduction, Issuer, UnsafeSecretKey);
        CheckSecret(check, nameof(SecretKey), SecretKey, takesWeak);
        CheckSecret(check, nameof(PreviousSecretKey), PreviousSecretKey, takesWeak);
        if (PreviousSecretKey is null)
        {
            return;
        }

        if (SecretKey is null)
        {
            check.Add(nameof(PreviousSecretKey), "is set without a current secret", $"Set {check.Key(nameof(SecretKey))} as well, or remove it.", nameof(SecretKey));
        }
        else if (string.Equals(SecretKey, PreviousSecretKey, StringComparison.Ordinal))
        {
            check.Add(nameof(PreviousSecretKey), "is the current secret itself", "Remove it.");
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
            check.Add(nameof(Algorithm), $"is \"{Algorithm}\", which is no algorithm of Countersign", $"Write HS256 with {secret}, or without it any of {others}.");
        }
        else if (SecretKey is not null && algorithm != SignatureAlgorithm.HS256)
        {
            check.Add(nameof(Algorithm), $"is {Algorithm}, and a secret is set", $"With {secret} write HS256; without it, keys of the service's own sign with {Algorithm}.", nameof(SecretKey));
        }
        else if (SecretKey is null && algorithm.IsSymmetric)
        {
            // A key that only this service can use would make tokens that no other service can verify.
            check.Add(nameof(Algorithm), $"is {Algorithm}, and no secret is set", $"Set {secret}, or write ES256.", nameof(SecretKey));
        }
    }
}
