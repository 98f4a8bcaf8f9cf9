using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore.Clients;

/// <summary>What the configured clients must be, each by itself and to each other.</summary>
internal static class ClientRules
{
    private const int MaxIdLength = 255;
    private const string NewSecret = "Make one with: countersign clients create <id>";

    /// <summary>Finds every fault.</summary>
    /// <param name="clients">The clients, each with the key under which it stands: <c>Auth:Clients:0</c>.</param>
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
    /// Whether a text can be a client's id: printable ASCII (RFC 6749 appendix A.1) without the colon that ends it in HTTP Basic (RFC 7617 §2), and without a
    /// space at either end, which nobody sees.
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
            faults.Add(new(key, "is not the id of a client", $"Use 1 to {MaxIdLength} characters of printable ASCII, without a colon and without a space at either end."));
        }
        else if (string.Equals(id, publicClientId, StringComparison.Ordinal))
        {
            faults.Add(new(key, $"is \"{id}\", which is the public client's (Auth:ClientId)", "Give the client another id."));
        }
        else if (!ids.TryAdd(id, key))
        {
            faults.Add(new(key, $"is \"{id}\", and so is {ids[id]}", "Give each client an id of its own; a secret is replaced with PreviousSecretHash."));
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
            faults.Add(new(key, $"is the same as {hashes[hash]}", "Give each client a secret of its own, and leave PreviousSecretHash out where none is replaced."));
        }
    }

    private static void CheckAudiences(string key, IList<string> audiences, List<SettingFault> faults)
    {
        if (audiences.Count == 0)
        {
            faults.Add(new(key + ":0", "is missing", "Name the audience whose tokens the client may ask of: Auth:Audience, which is the issuer unless set."));
        }

        for (var index = 0; index < audiences.Count; index++)
        {
            if (string.IsNullOrWhiteSpace(audiences[index]))
            {
                faults.Add(new($"{key}:{index}", "is blank", "Write an audience, or remove it."));
            }
        }
    }
}
