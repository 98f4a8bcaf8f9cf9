using System.Security.Cryptography;
using System.Text;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>Changes of a token, chosen by a generator that a seed determines. Most are signed with the right key, so that they reach the readers.</summary>
internal sealed class Mutations(World world, Random random)
{
    private static readonly string[] Algorithms =
    [
        "\"none\"", "\"None\"", "\"nOnE\"", "\"\"", "null", "256", "[]", "{}", "true", "\"HS256\"", "\"HS384\"", "\"HS512\"", "\"RS256\"", "\"RS512\"",
        "\"PS256\"",
        "\"ES256\"", "\"ES256K\"", "\"ES512\"", "\"EdDSA\"", "\"hs256\"", "\"es256\"", "\"HS256 \"", "\"\\u0048S256\"", "\"\\u0045S256\"", "\"RSA-OAEP\"",
        "\"dir\"",
    ];

    private static readonly string[] Types =
    [
        "\"JWT\"", "\"jwt\"", "\"AT+JWT\"", "\"at+JWT\"", "\"application/at+jwt\"", "\"Application/at+jwt\"", "\"rt+jwt\"", "\"at+jwt \"", "\"at\\u002bjwt\"",
        "\"id+jwt\"",
        "\"\"", "null", "1", "[\"at+jwt\"]", "{}",
    ];

    private static readonly string[] HeaderMembers =
    [
        "crit", "b64", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "zip", "cty", "enc", "p2c", "nonce", "iss", "x", "", "Alg", "ALG", "KID", "alg ",
        "\\u0000", "é",
    ];

    private static readonly string[] ClaimNames =
        [
            "iss", "sub", "aud", "client_id", "exp", "nbf", "iat", "jti", "type", "sid", "auth_time", "amr", "roles", "epoch", "cnf", "x", "", "EXP", "exp ",
            "é", "scope", "act"
        ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e3", "1E400", "-1e400", "01", "+1", "1.", ".5", "0x10", "NaN", "Infinity",
        "9223372036854775807",
        "9223372036854775808", "-9223372036854775809", "253402300799", "253402300800", "1e10", "99999999999999999999999999", "\"\"", "\"a\"", "\"0\"",
        "\"1767225600\"",
        "\"\\u0061\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\x\"", "\"\\u00\"", "\"é\"", "\"a\nb\"", "\"\\u0000\"", "'a'", "[]",
        "[1]", "[\"a\"]",
        "[\"a\",1]", "[null]", "[[]]", "{}", "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[1,]", "{\"a\":1,}", "/**/1", "undefined", "",
        "\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"01890A5D-AC96-774B-BCCE-B302099A8057\"", "\"{01890a5d-ac96-774b-bcce-b302099a8057}\"", "{\"jkt\":\"x\"}",
        "\"access\"",
        "\"refresh\"", "\"Access\"", $"\"{World.Issuer}\"", $"\"{World.Issuer}/\"", $"\"{World.Audience}\"", $"[\"other\",\"{World.Audience}\"]",
        $"[\"{World.Audience}\",1]",
        $"[\"{World.Audience}\",null]", $"[[\"{World.Audience}\"]]", $"\"{World.Audience} \"", $"\"{World.Audience}/\"", "\"HTTPS://AUTH.EXAMPLE\"",
        "\"https:\\/\\/auth.example\"", "\"https:\\/\\/api.example\"",
    ];

    private static readonly int[] Offsets = [-3601, -61, -60, -1, 0, 1, 59, 60, 61, 1799, 1800, 3599, 3600, 3601, 86400];

    private static readonly string[] Spaces = ["", "", " ", "\n", "\t", "\r\n", "\u00a0", "\u0000", "/**/"];

    public string Next()
    {
        var draft = new TokenDraft(world);
        for (var edits = random.Next(4); edits > 0; edits--)
        {
            Edit(draft);
        }

        return draft.Write();
    }

    private void Edit(TokenDraft draft)
    {
        switch (random.Next(20))
        {
            case 0 or 1 or 2:
                EditHeader(draft.Header);
                break;
            case >= 3 and <= 11:
                EditClaims(draft.Claims);
                break;
            case 12:
                draft.Space = Pick(Spaces);
                break;
            case 13:
                draft.OnHeader.Add(EditBytes);
                break;
            case 14 or 15:
                draft.OnClaims.Add(EditBytes);
                break;
            case 16:
                Pick(draft.OnHeaderSegment, draft.OnClaimsSegment, draft.OnSignatureSegment).Add(EditSegment);
                break;
            case 17:
                EditSignature(draft);
                break;
            default:
                draft.OnToken.Add(EditText);
                break;
        }
    }

    private void EditHeader(List<(string Name, string Json)> header)
    {
        switch (random.Next(7))
        {
            case 0:
                Replace(header, "alg", Pick(Algorithms));
                break;
            case 1:
                Replace(header, "typ", Pick(Types));
                break;
            case 2:
                Replace(header, "kid", Pick(Values));
                break;
            case 3:
                Insert(header, ($"\"{Pick(HeaderMembers)}\"", Pick(Pick(Values), "[\"exp\"]", "[\"b64\"]", "false", "\"DEF\"", "\"JWT\"")));
                break;
            default:
                EditMembers(header);
                break;
        }
    }

    private void EditClaims(List<(string Name, string Json)> claims)
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                Replace(claims, Pick(ClaimNames), Pick(Values));
                break;
            case 2 or 3:
                var offset = World.NowSeconds + Pick(Offsets);
                Replace(
                    claims,
                    Pick("exp", "nbf", "iat", "auth_time"),
                    Pick($"{offset}", $"{offset}", $"{offset}.0", $"{offset}.5", $"{offset / 10}e1", $"\"{offset}\""));
                break;
            case 4:
                Insert(claims, ($"\"{Pick(ClaimNames)}\"", Pick(Values)));
                break;
            case 5:
                Insert(
                    claims,
                    ($"\"x{random.Next(100)}\"", Pick(Nested("[", "]"), Nested("{\"a\":", "}"), $"\"{new string('y', random.Next(600))}\"", Pick(Values))));
                break;
            default:
                EditMembers(claims);
                break;
        }
    }

    /// <summary>What can be done to any object: a member taken away, doubled, spelt with escapes, moved.</summary>
    private void EditMembers(List<(string Name, string Json)> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        var at = random.Next(members.Count);
        var member = members[at];
        switch (random.Next(5))
        {
            case 0:
                members.RemoveAt(at);
                break;
            case 1:
                Insert(members, member);
                break;
            case 2:
                Insert(members, (Pick(member.Name, Escaped(member.Name)), Pick(Values)));
                break;
            case 3:
                members[at] = (Escaped(member.Name), member.Json);
                break;
            default:
                members.RemoveAt(at);
                Insert(members, member);
                break;
        }
    }

    private void Insert(List<(string Name, string Json)> members, (string Name, string Json) member) => members.Insert(random.Next(members.Count + 1), member);

    private static void Replace(List<(string Name, string Json)> members, string name, string json)
    {
        var at = members.FindIndex(member => string.Equals(member.Name, $"\"{name}\"", StringComparison.Ordinal));
        if (at >= 0)
        {
            members[at] = (members[at].Name, json);
        }
        else
        {
            members.Add(($"\"{name}\"", json));
        }
    }

    private string Nested(string open, string close)
    {
        var depth = Pick(1, 2, 14, 15, 16, 17, 63, 64, 65);
        return string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
    }

    private static string Escaped(string name) => name.Length < 3 || name[1] == '\\' ? name : $"\"\\u{(int)name[1]:x4}{name[2..]}";

    private byte[] EditBytes(byte[] json)
    {
        byte[] marks = "\"\\{}[],:ud8c09e-. \n\0/*"u8.ToArray();
        var bytes = json.ToList();
        switch (random.Next(8))
        {
            case 0:
                return [.. Pick<byte[]>([0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0x20], [0x00]), .. json];
            case 1:
                return [.. json, .. Pick("}"u8.ToArray(), " "u8.ToArray(), "{}"u8.ToArray(), "\0"u8.ToArray(), "\n"u8.ToArray(), "//"u8.ToArray())];
            case 2:
                return Encoding.Convert(Encoding.UTF8, Pick(Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1), json);
            case 3:
                bytes.InsertRange(
                    random.Next(bytes.Count + 1), Pick<byte[]>([0xC0, 0xA2], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xC3], [0xC3, 0xA9]));
                return [.. bytes];
            default:
                var at = random.Next(bytes.Count + 1);
                var value = random.Next(2) == 0 ? (byte)random.Next(256) : Pick(marks);
                if (random.Next(3) == 0 || at == bytes.Count)
                {
                    bytes.Insert(at, value);
                }
                else if (random.Next(2) == 0)
                {
                    bytes[at] = value;
                }
                else
                {
                    bytes.RemoveAt(at);
                }

                return [.. bytes];
        }
    }

    private string EditSegment(string segment) => random.Next(9) switch
    {
        0 => segment + new string('=', (4 - (segment.Length % 4)) % 4),
        1 => segment + "=",
        2 => segment.Replace('-', '+').Replace('_', '/'),
        3 => segment.Insert(random.Next(segment.Length + 1), Pick(" ", "\n", "\t", "\r\n", "%20", "\u00a0", "é", "\0")),
        4 => segment.Length > 0 ? segment[..^1] + (char)(segment[^1] + 1) : segment,
        5 => segment + Pick("A", "AA", "AAA", "AAAA"),
        6 => "",
        7 => segment.Length > 0 ? segment[..^1] : segment,
        _ => segment.ToLowerInvariant(),
    };

    private void EditSignature(TokenDraft draft)
    {
        switch (random.Next(9))
        {
            case 0:
                draft.Signer = input => World.Sign(world.OtherKey, input);
                break;
            case 1:
                draft.Signer = _ => [];
                break;
            case 2:
                draft.Signer = input => HMACSHA256.HashData(PublicText(), input);
                Replace(draft.Header, "alg", "\"HS256\"");
                break;
            case 3:
                draft.Signer = input => HMACSHA256.HashData(Array.Empty<byte>(), input);
                Replace(draft.Header, "alg", "\"HS256\"");
                break;
            case 4:
                draft.Signer = _ => new byte[world.Key.SignatureBytes];
                break;
            case 5:
                draft.OnSignature.Add(signature => signature[..random.Next(signature.Length)]);
                break;
            case 6:
                draft.OnSignature.Add(signature => [.. signature, (byte)random.Next(256)]);
                break;
            case 7:
                draft.OnSignature.Add(signature => [0, .. signature]);
                break;
            default:
                draft.OnSignature.Add(Flip);
                break;
        }
    }

    /// <summary>A public key as a careless verifier would take it for a secret.</summary>
    private byte[] PublicText() => world.Key.Algorithm.IsSymmetric ? [] : Encoding.ASCII.GetBytes(world.Key.VerificationKey.ExportSubjectPublicKeyInfoPem());

    private byte[] Flip(byte[] signature)
    {
        if (signature.Length > 0)
        {
            signature[random.Next(signature.Length)] ^= (byte)(1 << random.Next(8));
        }

        return signature;
    }

    private string EditText(string token)
    {
        var at = random.Next(token.Length + 1);
        var letter = Pick('A', 'b', '9', '-', '_', '.', '=', '+', '/', ' ', '\n', 'é', '\0', '{');
        return random.Next(9) switch
        {
            0 => token.Insert(at, $"{letter}"),
            1 => token.Remove(Math.Min(at, token.Length - 1), 1),
            2 => at < token.Length ? token[..at] + letter + token[(at + 1)..] : token + letter,
            3 => token[..at],
            4 => token + Pick(".", "..", ".e30", ".e30.e30", " ", "\n", ","),
            5 => Pick(" ", "\n", "Bearer ", ".", "\"", "\ufeff") + token,
            6 => string.Join('.', token.Split('.').Reverse()),
            7 => token.ToUpperInvariant(),
            _ => Flattened(token),
        };
    }

    /// <summary>The JSON serialization (RFC 7515 §7.2).</summary>
    private static string Flattened(string token) => token.Split('.') is [var header, var payload, var signature]
        ? $$"""{"payload":"{{payload}}","protected":"{{header}}","signature":"{{signature}}"}"""
        : token;

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
