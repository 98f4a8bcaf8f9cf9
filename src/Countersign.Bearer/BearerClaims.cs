using System.Security.Claims;
using System.Text.Json;
using Countersign.Tokens;

namespace Countersign.Bearer;

/// <summary>Makes the principal of a token: its claims under the names that the token gives them, and one alias.</summary>
internal static class BearerPrincipal
{
    private const string SubjectName = "sub";
    private const string RolesName = "roles";

    /// <summary>The name that ASP.NET Core Identity looks a user's id up under. It is on the principal and never in a token.</summary>
    private const string SubjectAlias = ClaimTypes.NameIdentifier;

    /// <summary>The value type under which the platform's own token handlers hand on JSON that is no scalar.</summary>
    private const string JsonValueType = "JSON";

    /// <summary>Makes a principal; a new one each time, since a claims transformation may change it.</summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="scheme">The scheme that accepted it, which becomes the identity's authentication type.</param>
    public static ClaimsPrincipal Create(TokenClaims claims, string scheme)
    {
        var issuer = claims.Issuer ?? ClaimsIdentity.DefaultIssuer;
        var identity = new ClaimsIdentity(scheme, SubjectName, RolesName);
        identity.AddClaim(new Claim(SubjectName, claims.Subject, ClaimValueTypes.String, issuer));
        identity.AddClaim(new Claim(SubjectAlias, claims.Subject, ClaimValueTypes.String, issuer));

        using var payload = JsonDocument.Parse(claims.PayloadUtf8);
        foreach (var member in payload.RootElement.EnumerateObject())
        {
            if (member.Name is not (SubjectName or SubjectAlias))
            {
                Add(identity, member.Name, member.Value, issuer);
            }
        }

        return new ClaimsPrincipal(identity);
    }

    private static void Add(ClaimsIdentity identity, string name, JsonElement value, string issuer)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                AddOne(identity, name, element, issuer);
            }
        }
        else
        {
            AddOne(identity, name, value, issuer);
        }
    }

    private static void AddOne(ClaimsIdentity identity, string name, JsonElement value, string issuer)
    {
        var (text, type) = value.ValueKind switch
        {
            JsonValueKind.String => (value.GetString()!, ClaimValueTypes.String),
            JsonValueKind.True => ("true", ClaimValueTypes.Boolean),
            JsonValueKind.False => ("false", ClaimValueTypes.Boolean),
            JsonValueKind.Number => (value.GetRawText(), value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
            JsonValueKind.Null => (string.Empty, null),
            _ => (value.GetRawText(), JsonValueType),
        };
        if (type is not null)
        {
            identity.AddClaim(new Claim(name, text, type, issuer));
        }
    }
}
