using System.Security.Claims;
using System.Text.Json;
using Countersign.Tokens;

namespace Countersign.Bearer.Tests;

/// <summary>
/// The platform's own identity with all claims of a token made at once, the plain way: what the identity of a request must be the same as, whatever is asked of
/// it.
/// </summary>
internal static class EagerIdentity
{
    public static ClaimsIdentity Create(TokenClaims claims, string scheme)
    {
        var issuer = claims.Issuer ?? ClaimsIdentity.DefaultIssuer;
        var identity = new ClaimsIdentity(scheme, "sub", "roles");
        identity.AddClaim(new Claim("sub", claims.Subject, ClaimValueTypes.String, issuer));
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, claims.Subject, ClaimValueTypes.String, issuer));

        using var payload = JsonDocument.Parse(claims.PayloadUtf8);
        foreach (var member in payload.RootElement.EnumerateObject())
        {
            if (member.Name is not ("sub" or ClaimTypes.NameIdentifier))
            {
                Add(identity, member.Name, member.Value, issuer);
            }
        }

        return identity;
    }

    private static void Add(ClaimsIdentity identity, string name, JsonElement value, string issuer)
    {
        foreach (var one in value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : (JsonElement[])[value])
        {
            var (text, type) = one.ValueKind switch
            {
                JsonValueKind.String => (one.GetString()!, ClaimValueTypes.String),
                JsonValueKind.True => ("true", ClaimValueTypes.Boolean),
                JsonValueKind.False => ("false", ClaimValueTypes.Boolean),
                JsonValueKind.Number => (one.GetRawText(), one.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
                JsonValueKind.Null => (string.Empty, null),
                _ => (one.GetRawText(), "JSON"),
            };
            if (type is not null)
            {
                identity.AddClaim(new Claim(name, text, type, issuer));
            }
        }
    }
}
