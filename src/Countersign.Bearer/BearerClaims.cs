using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Countersign.Tokens;
using Countersign.Tokens.Jose;

namespace Countersign.Bearer;

/// <summary>Makes the claims of an identity from a token: under the names that the token gives them, and one alias.</summary>
internal static class BearerClaims
{
    /// <summary>The name that ASP.NET Core Identity looks a user's id up under. It is on the principal and never in a token.</summary>
    private const string SubjectAlias = ClaimTypes.NameIdentifier;

    /// <summary>The value type under which the platform's own token handlers hand on JSON that is no scalar.</summary>
    private const string JsonValueType = "JSON";

    /// <summary>As many claims as a session's token has, with some room.</summary>
    private const int UsualCount = 16;

    /// <param name="token">What the token says.</param>
    /// <param name="subject">The identity that the claims are made for.</param>
    /// <returns>At least the subject and its alias, and then the others in the token's order.</returns>
    public static List<Claim> Make(TokenClaims token, ClaimsIdentity subject)
    {
        var claims = new List<Claim>(UsualCount);
        var issuer = token.Issuer ?? ClaimsIdentity.DefaultIssuer;
        claims.Add(new Claim(ClaimNames.Subject, token.Subject, ClaimValueTypes.String, issuer, issuer, subject));
        claims.Add(new Claim(SubjectAlias, token.Subject, ClaimValueTypes.String, issuer, issuer, subject));

        var payload = token.PayloadUtf8.Span;
        var reader = new Utf8JsonReader(payload, StrictJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadName(reader);
            reader.Read();
            if (name is ClaimNames.Subject or SubjectAlias)
            {
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Add(ref reader, name);
                }
            }
            else
            {
                Add(ref reader, name);
            }
        }

        return claims;

        void Add(ref Utf8JsonReader value, string name)
        {
            var (text, type) = ReadValue(ref value, token.PayloadUtf8.Span);
            if (type is not null)
            {
                claims.Add(new Claim(name, text, type, issuer, issuer, subject));
            }
        }
    }

    /// <summary>The name that the reader stands on; no new string for one that is known.</summary>
    private static string ReadName(in Utf8JsonReader reader)
    {
        var known = reader.ValueIsEscaped ? KnownClaim.None : KnownClaims.Find(reader.ValueSpan);
        return known == KnownClaim.None ? reader.GetString()! : KnownClaims.Name(known);
    }

    /// <summary>
    /// The text and the type of a claim's value, with the reader left on its last token. Without a type it is null, of which no claim is made.
    /// </summary>
    private static (string Text, string? Type) ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload) => reader.TokenType switch
    {
        JsonTokenType.String => (reader.GetString()!, ClaimValueTypes.String),
        JsonTokenType.True => ("true", ClaimValueTypes.Boolean),
        JsonTokenType.False => ("false", ClaimValueTypes.Boolean),
        JsonTokenType.Number => (Encoding.ASCII.GetString(reader.ValueSpan), reader.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
        JsonTokenType.Null => (string.Empty, null),
        _ => (ReadRaw(ref reader, payload), JsonValueType),
    };

    private static string ReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(payload[start..(int)reader.BytesConsumed]);
    }
}
