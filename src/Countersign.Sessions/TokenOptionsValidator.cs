using Countersign.Sessions.Keys;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>What the options on tokens must be, all faults at once.</summary>
internal sealed class TokenOptionsValidator(IServiceProvider services) : IValidateOptions<TokenOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        List<string> faults = [];
        if (options.Issuer is { } issuer && !IsIssuer(issuer))
        {
            faults.Add("Auth:Issuer must be an absolute http or https URL without query, fragment or trailing slash, such as https://auth.example.com.");
        }

        else if (options.Issuer is { } plain && IssuerRules.IsPlaintext(plain, services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false))
        {
            faults.Add("Auth:Issuer is http: passwords and tokens would pass the network in plain text. Use https, or http only with localhost, a loopback address, or in Development.");
        }

        if (options.Audience is { } audience && string.IsNullOrWhiteSpace(audience))
        {
            faults.Add("Auth:Audience is blank: leave it out to use the issuer.");
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            faults.Add("Auth:ClientId is blank: leave it out to use \"countersign\".");
        }

        if (options.VerifiedTokenEntries is < 0 or > 1_000_000)
        {
            faults.Add("Auth:VerifiedTokenEntries is 0 to 1,000,000.");
        }

        if (options.VerifiedTokenBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
        {
            faults.Add("Auth:VerifiedTokenBytes is 65,536 to 1,073,741,824 bytes.");
        }

        if (SigningModes.FindFault(options.Mode, options.SecretKey is not null) is { } mode)
        {
            faults.Add($"{SigningModes.Key} {mode.Problem}. {mode.Remedy}");
        }

        AddSecretFaults(options, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private void AddSecretFaults(TokenOptions options, List<string> faults)
    {
        if (options.SecretKey is null)
        {
            if (options.PreviousSecretKey is not null)
            {
                faults.Add("Auth:PreviousSecretKey is set without Auth:SecretKey, which it would stand behind.");
            }

            // A key that only this service can use would make tokens that no other service can verify.
            if (options.Algorithm is { } algorithm && SignatureAlgorithm.Find(algorithm) is not { IsSymmetric: false })
            {
                faults.Add("Auth:Algorithm is none that signs without a shared secret: use ES256 or another of the ES, RS and PS algorithms, or set Auth:SecretKey for HS256.");
            }

            return;
        }

        // An app without an environment is nobody's test: it counts as Production.
        var isProduction = services.GetService<IHostEnvironment>()?.IsProduction() ?? true;
        var takesWeak = SharedSecretCheck.TakesWeak(isProduction, options.Issuer, options.UnsafeSecretKey);
        if (SharedSecretCheck.FindFault(options.SecretKey, takesWeak) is { } fault)
        {
            faults.Add($"Auth:SecretKey (SECRET_KEY): {fault}");
        }

        if (options.PreviousSecretKey is { } previous && SharedSecretCheck.FindFault(previous, takesWeak) is { } previousFault)
        {
            faults.Add($"Auth:PreviousSecretKey: {previousFault}");
        }

        if (string.Equals(options.SecretKey, options.PreviousSecretKey, StringComparison.Ordinal))
        {
            faults.Add("Auth:PreviousSecretKey is Auth:SecretKey itself: leave it out.");
        }

        if (options.Algorithm is { } named && !string.Equals(named, SignatureAlgorithm.HS256.Name, StringComparison.Ordinal))
        {
            faults.Add("Auth:Algorithm must be HS256, or be left out, where Auth:SecretKey is set.");
        }
    }

    /// <summary>RFC 8414 §2. A trailing slash would be legal there, and is the commonest reason why two services do not agree on an issuer.</summary>
    private static bool IsIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0
        && !issuer.EndsWith('/')
        && !issuer.AsSpan().ContainsAny(" ?#");
}
