using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Tokens;

namespace Countersign.Benchmarks.Tokens;

/// <summary>A comparison is fair only if all sides check the same. Each contestant that reads tokens must refuse these; otherwise the run ends.</summary>
internal static class FaultyTokens
{
    public static void ThrowIfAccepted(SampleToken sample, IEnumerable<TokenPeer> peers)
    {
        var faulty = Create(sample).ToList();
        foreach (var peer in peers.Where(peer => !peer.Name.StartsWith("raw", StringComparison.Ordinal)))
        {
            // Our own token must be valid; otherwise the refusal of a changed copy proves nothing.
            if (!Accepts(peer, Sign(sample, _ => { }, _ => { })))
            {
                throw new InvalidOperationException($"{peer.Name} refuses the sample token.");
            }

            if (faulty.Find(token => Accepts(peer, token.Compact)) is { Fault: { } fault })
            {
                throw new InvalidOperationException($"{peer.Name} does not check {fault}.");
            }
        }
    }

    private static IEnumerable<(string Fault, string Compact)> Create(SampleToken sample)
    {
        int end = sample.Compact.LastIndexOf('.') + 5;
        char changed = sample.Compact[end] == 'A' ? 'B' : 'A';
        yield return ("the signature", string.Concat(sample.Compact.AsSpan(0, end), [changed], sample.Compact.AsSpan(end + 1)));
        yield return ("exp", Sign(sample, _ => { }, payload => payload["exp"] = sample.IssuedAt.ToUnixTimeSeconds() - 10));
        yield return ("iss", Sign(sample, _ => { }, payload => payload["iss"] = "https://other.example"));
        yield return ("aud", Sign(sample, _ => { }, payload => payload["aud"] = "https://other.example"));
        yield return ("typ", Sign(sample, header => header["typ"] = "JWT", _ => { }));
    }

    private static string Sign(SampleToken sample, Action<JsonObject> changeHeader, Action<JsonObject> changePayload)
    {
        var header = new JsonObject { ["alg"] = sample.Key.Algorithm.Name, ["typ"] = SampleToken.Typ, ["kid"] = sample.Key.KeyId };
        changeHeader(header);
        var validator = new TokenValidator(sample.Policy, TimeProvider.System);
        var payload = validator.TryValidate(sample.Compact, out var claims, out var error)
            ? JsonNode.Parse(claims.PayloadUtf8.Span)!.AsObject()
            : throw new InvalidOperationException($"The sample token is refused: {error}.");
        changePayload(payload);
        string input = $"{Encode(header)}.{Encode(payload)}";
        byte[] signature = new byte[sample.Key.SignatureBytes];
        sample.Key.Sign(Encoding.ASCII.GetBytes(input), signature);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static bool Accepts(TokenPeer peer, string token)
    {
        try
        {
            return peer.Validate(token);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or NullReferenceException))
        {
            // Some libraries refuse with an exception.
            return false;
        }
    }
}
