using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore.Clients;

/// <summary>The rules for configured clients: for each one, and between them.</summary>
internal static class ClientRules
{
    private const int MaxIdLength = 255;
    private const string NewSecret = "Make a secret of at least 128 random bits, and write the SHA-256 of its UTF-8 bytes here.";

    /// <summary>Finds every fault.</summary>
    /// <param name="clients">The clients, each with its configuration key, such as <c>Auth:Clients:0</c>.</param>
    /// <param name="publicClientId">The id of the public client; null if it is not known.</param>
    public static IReadOnlyList<SettingFault> Check(IEnumerable<KeyValuePair<string, CountersignClientOptions>> clients, string? publicClientId)
    {
        List<SettingFault> faults = [];
        Dictionary<string, string> ids = new(StringComparer.Ordinal);
        Dictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (var (key, client) in clients)
        {
            CheckId(key + ":Id", client.Id, publicClientId, ids, faults);
            CheckHash(key + ":SecretHash", client.SecretHash, isRequired: true, hashes, faults);
            CheckHash(key + ":PreviousSecretHash", client.PreviousSecretHash, isRequired: false, hashes, faults);
            CheckAudiences(key + ":Audiences", client.Audiences, faults);
        }

        return faults;
    }

    /// <summary>
    /// Whether a text can be a client's id: printable ASCII (RFC 6749 appendix A.1), without a colon, which ends the id in HTTP Basic (RFC 7617 §2), and
    /// without a space at the start or the end, which readers would not see.
    /// </summary>
    public static bool IsId(string id) =>
        id.Length is >= 1 and <= MaxIdLength && id.All(static character => character is >= ' ' and <= '~' and not ':') && id[0] != ' ' && id[^1] != ' ';

    private static void CheckId(string key, string? id, string? publicClientId, Dictionary<string, string> ids, List<SettingFault> faults)
    {
        if (id is null)
        {
            faults.Add(new(key, "is missing", "Set it to the client's id."));
        }
        else if (!IsId(id))
        {
            faults.Add(new(
                key,
                "is not the id of a client",
                $"Use 1 to {MaxIdLength} characters of printable ASCII, without a colon, and without a space at the start or the end."));
        }
        else if (string.Equals(id, publicClientId, StringComparison.Ordinal))
        {
            faults.Add(new(key, $"is \"{id}\", which is the public client's (Auth:ClientId)", "Give the client another id."));
        }
        else if (!ids.TryAdd(id, key))
        {
            faults.Add(new(
                key, $"is \"{id}\", and so is {ids[id]}", "Give each client its own id. To replace a client's secret, set PreviousSecretHash instead."));
        }
    }

    private static void CheckHash(string key, string? hash, bool isRequired, Dictionary<string, string> hashes, List<SettingFault> faults)
    {
        if (hash is null)
        {
            if (isRequired)
            {
                faults.Add(new(key, "is missing", NewSecret));
            }
        }
        else if (!ClientSecret.TryParseHash(hash, out _))
        {
            faults.Add(new(key, "is not the SHA-256 of a secret in 64 lower-case hexadecimal digits", NewSecret));
        }
        else if (!hashes.TryAdd(hash, key))
        {
            faults.Add(new(
                key, $"is the same as {hashes[hash]}", "Give each client its own secret. Leave PreviousSecretHash out if no secret is being replaced."));
        }
    }

    private static void CheckAudiences(string key, IList<string> audiences, List<SettingFault> faults)
    {
        if (audiences.Count == 0)
        {
            faults.Add(new(
                key + ":0", "is missing", "Set it to an audience whose tokens the client may introspect: Auth:Audience, or the issuer if that is not set."));
        }

        for (var index = 0; index < audiences.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(audiences[index]))
            {
                faults.Add(new($"{key}:{index}", "is blank", "Set it to an audience, or remove it."));
            }
        }
    }
}
