using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>Reads JWK Sets (RFC 7517 §5).</summary>
internal static class JsonWebKeySetReader
{
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadPublic(ReadOnlySpan<byte> json, out KeySet? keys)
    {
        keys = null;
        using var document = JsonWebKeyDocument.TryParse(json);
        if (FindKeys(document, out var members) is { } fault)
        {
            return fault;
        }

        var read = new List<VerificationKey>();
        var index = 0;
        foreach (var member in members.EnumerateArray())
        {
            if (!JsonWebKeyReader.IsUnknown(member))
            {
                // A key in a set is found only by its id. No token would ever ask for a thumbprint.
                fault = JsonWebKeyReader.ReadPublic(member, out var key) ?? (member.TryGetProperty("kid", out _) ? null : "its kid is missing.");
                if ((fault ?? FindTwin(read.Select(static other => other.KeyId), key!.KeyId)) is { } problem)
                {
                    return Named(index, problem);
                }

                read.Add(key!);
            }

            index++;
        }

        keys = new KeySet(signing: null, read);
        return null;
    }

    /// <param name="json">The set.</param>
    /// <param name="keys">The keys. On a fault: the keys read so far, which the caller disposes of.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadPrivate(ReadOnlySpan<byte> json, List<SigningKey> keys)
    {
        using var document = JsonWebKeyDocument.TryParse(json);
        if (FindKeys(document, out var members) is { } fault)
        {
            return fault;
        }

        foreach (var member in members.EnumerateArray())
        {
            if (PrivateJsonWebKeyReader.Read(member, out var key) is { } problem)
            {
                return Named(keys.Count, problem);
            }

            var twin = FindTwin(keys.Select(static other => other.KeyId), key!.KeyId);
            keys.Add(key);
            if (twin is not null)
            {
                return Named(keys.Count - 1, twin);
            }

            if (key.Algorithm.IsSymmetric != keys[0].Algorithm.IsSymmetric)
            {
                return "The JWK Set mixes secrets and asymmetric keys.";
            }
        }

        return null;
    }

    private static string? FindKeys(JsonWebKeyDocument? document, out JsonElement members)
    {
        members = default;
        if (document is null)
        {
            return JsonWebKeyDocument.Malformed;
        }

        return document.Root.TryGetProperty("keys", out members) && members.ValueKind == JsonValueKind.Array
            ? null
            : "The JWK Set has no array \"keys\".";
    }

    private static string? FindTwin(IEnumerable<string?> keyIds, string? keyId) =>
        keyIds.Contains(keyId, StringComparer.Ordinal) ? "another key has its id." : null;

    private static string Named(int index, string fault) => $"Key {index} of the JWK Set: {fault}";
}
