using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Configuration;

/// <summary>What signs: a shared secret under HS256, or keys of the server's own under the algorithm that is named.</summary>
internal static class SignatureCheck
{
    private const string Secret = "Auth:SecretKey";
    private const string PreviousSecret = "Auth:PreviousSecretKey";
    private const string Algorithm = "Auth:Algorithm";
    private const string SecretRemedy = "Make one with: countersign secrets new";

    private static readonly string Asymmetric = string.Join(", ", SignatureAlgorithm.All.Where(static algorithm => !algorithm.IsSymmetric));

    /// <summary>Notes weak secrets, and an algorithm that does not go with what signs.</summary>
    public static void Run(ConfigurationReading reading)
    {
        CheckSecret(reading, Secret);
        CheckSecret(reading, PreviousSecret);
        if (reading.IsSet(PreviousSecret) && !reading.IsSet(Secret))
        {
            reading.Fault(PreviousSecret, "is set without a current secret", $"Set {Secret} (or SECRET_KEY) as well, or remove it.");
        }

        if (reading.Value(PreviousSecret) is { } previous && string.Equals(previous, reading.Value(Secret), StringComparison.Ordinal))
        {
            reading.Fault(PreviousSecret, "is the current secret itself", "Remove it.");
        }

        CheckAlgorithm(reading);
    }

    private static void CheckSecret(ConfigurationReading reading, string key)
    {
        if (reading.Value(key) is { } secret && !TokenPolicy.TryCheckSecret(secret, out var fault))
        {
            reading.Fault(key, $"is no secret to sign with: {fault.TrimEnd('.')}", SecretRemedy);
        }
    }

    private static void CheckAlgorithm(ConfigurationReading reading)
    {
        if (reading.Value(Algorithm) is not { } name)
        {
            return;
        }

        var algorithm = SignatureAlgorithm.Find(name);
        if (algorithm is null)
        {
            reading.Fault(Algorithm, $"is \"{name}\", which is no algorithm of this server", $"Write HS256 with a SECRET_KEY, or without one any of {Asymmetric}.");
        }
        else if (reading.IsSet(Secret) && algorithm != SignatureAlgorithm.HS256)
        {
            reading.Fault(Algorithm, $"is {name}, and a secret is set", $"With {reading.SourceOf(Secret)} write HS256; without it, keys of the server's own sign with {name}.");
        }
        else if (!reading.IsSet(Secret) && algorithm.IsSymmetric)
        {
            reading.Fault(Algorithm, $"is {name}, and no secret is set", $"Set SECRET_KEY, or write ES256. {SecretRemedy}");
        }
    }
}
