using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Countersign.Tokens;
using Countersign.Tokens.Jose;

namespace Countersign.Bearer;

/// <summary>Makes the claims of an identity from a token, under the token's own names, and adds one alias.</summary>
internal static class BearerClaims
{
    /// <summary>The claim type under which ASP.NET Core Identity finds a user's id. The principal has it, and no token has it.</summary>
    private const string SubjectAlias = ClaimTypes.NameIdentifier;

    /// <summary>The value type that the platform's own token handlers use for JSON objects and arrays.</summary>
    private const string JsonValueType = "JSON";

    /// <summary>The number of claims in a session's token, with some reserve.</summary>
    private const int UsualCount = 16;

    /// <param name="token">What the token says.</param>
    /// <param name="subject">The identity that gets the claims.</param>
    /// <returns>The subject and its alias first, and then the others in the token's order.</returns>
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

    /// <summary>Reads a name. It makes no new string for a known name.</summary>
    private static string ReadName(in Utf8JsonReader reader)
    {
        var known = reader.ValueIsEscaped ? KnownClaim.None : KnownClaims.Find(reader.ValueSpan);
        return known == KnownClaim.None ? reader.GetString()! : KnownClaims.Name(known);
    }

    /// <summary>Reads the text and the type of a claim's value. The reader stays on the value's last token. If the type is null, no claim is made.</summary>
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
