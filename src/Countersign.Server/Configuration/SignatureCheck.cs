using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Configuration;

/// <summary>What signs: a shared secret under HS256, or keys of the server's own under the algorithm that is named.</summary>
internal static class SignatureCheck
{
    private const string Secret = "Auth:SecretKey";
    private const string PreviousSecret = "Auth:PreviousSecretKey";
    private const string Algorithm = "Auth:Algorithm";
    private const string Unsafe = "Auth:UnsafeSecretKey";
    private const string Issuer = "Auth:Issuer";
    private const string SecretRemedy = "Make one with: countersign secrets new";

    private static readonly string Asymmetric = string.Join(", ", SignatureAlgorithm.All.Where(static algorithm => !algorithm.IsSymmetric));

    /// <summary>Notes weak secrets, and an algorithm or a mode that does not go with what signs.</summary>
    /// <param name="reading">The pass over the configuration.</param>
    /// <param name="isProduction">Whether the environment is Production, where a weak secret stops the start.</param>
    /// <returns>What signs, in words for a person: <c>own keys (ES256)</c>.</returns>
    public static string Run(ConfigurationReading reading, bool isProduction)
    {
        var takesWeak = SharedSecretCheck.TakesWeak(isProduction, reading.Value(Issuer), reading.Value(Unsafe) is { } text && bool.Parse(text));
        CheckSecret(reading, Secret, takesWeak);
        CheckSecret(reading, PreviousSecret, takesWeak);
        if (reading.IsSet(PreviousSecret) && !reading.IsSet(Secret))
        {
            reading.Fault(PreviousSecret, "is set without a current secret", $"Set {Secret} (or SECRET_KEY) as well, or remove it.");
        }

        if (reading.Value(PreviousSecret) is { } previous && string.Equals(previous, reading.Value(Secret), StringComparison.Ordinal))
        {
            reading.Fault(PreviousSecret, "is the current secret itself", "Remove it.");
        }

        CheckAlgorithm(reading);
        CheckMode(reading);
        return SigningModes.Describe(SigningModes.Of(reading.IsSet(Secret)), reading.Value(Algorithm));
    }

    private static void CheckMode(ConfigurationReading reading)
    {
        if (reading.Value(SigningModes.Key) is { } text
            && SigningModes.FindFault(Enum.Parse<SigningMode>(text, ignoreCase: true), reading.IsSet(Secret)) is { } fault)
        {
            reading.Fault(SigningModes.Key, fault.Problem, fault.Remedy);
        }
    }

    private static void CheckSecret(ConfigurationReading reading, string key, bool takesWeak)
    {
        if (reading.Value(key) is { } secret && SharedSecretCheck.FindFault(secret, takesWeak) is { } fault)
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
