using System.Text.Json;
using Jose;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>jose-jwt, which knows signatures, and an application's usual checks of what it gives back.</summary>
internal sealed class JoseJwtPeer : IPeer
{
    private readonly object _key;
    private readonly JwsAlgorithm _algorithm;

    public JoseJwtPeer(World world)
    {
        _algorithm = Enum.Parse<JwsAlgorithm>(world.Key.Algorithm.Name);
        _key = world.Key.Algorithm switch
        {
            { IsSymmetric: true } => world.Key.ExportPrivateKey(),
            { Name: ['E', ..] } => world.OpenEcdsa(),
            _ => world.OpenRsa(),
        };
    }

    public string Name => "jose-jwt";

    public bool Accepts(string token)
    {
        try
        {
            return IsGood(JWT.Decode(token, _key, _algorithm), JWT.Headers(token));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It says no by exceptions of many kinds.
            return false;
        }
    }

    private static bool IsGood(string payload, IDictionary<string, object> header)
    {
        using var document = JsonDocument.Parse(payload);
        var claims = document.RootElement;
        var typ = header.TryGetValue("typ", out var value) ? value as string : null;
        return (typ is "at+jwt" or "application/at+jwt")
            && claims.GetProperty("iss").GetString() == World.Issuer
            && IsForUs(claims.GetProperty("aud"))
            && claims.GetProperty("exp").GetDouble() > World.NowSeconds
            && (!claims.TryGetProperty("nbf", out var notBefore) || notBefore.GetDouble() <= World.NowSeconds + 60);
    }

    private static bool IsForUs(JsonElement audience) => audience.ValueKind == JsonValueKind.Array
        ? audience.EnumerateArray().Any(entry => entry.GetString() == World.Audience)
        : audience.GetString() == World.Audience;
}
