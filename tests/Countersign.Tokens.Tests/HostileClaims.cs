namespace Countersign.Tokens.Tests;

/// <summary>The rows of <see cref="HostileTokens"/> whose claims or <c>typ</c> are wrong.</summary>
internal static class HostileClaims
{
    private static readonly (string Kind, string Json)[] NoNumbers =
    [
        ("string", "\"1767227400\""), ("null", "null"), ("true", "true"), ("array", "[1767227400]"), ("object", "{}"), ("negative", "-1"), ("1e400", "1e400"),
        ("2^63", "9223372036854775808"), ("2^64", "18446744073709551616"), ("year 10000", "253402300800"), ("year 10000 with fraction", "253402300799.5"),
    ];

    private static readonly (string Kind, string Json)[] NoTexts =
    [
        ("null", "null"), ("number", "1"), ("true", "true"), ("array", "[\"42\"]"), ("object", "{\"a\":1}")
    ];

    public static IEnumerable<HostileToken> For(Forge forge) =>
        [.. Typ(forge), .. Parties(forge), .. Times(forge), .. Identifiers(forge), .. OfSessions(forge)];

    private static HostileToken With(Forge forge, string rule, string kind, string name, string? json, TokenError error) =>
        new(rule, $"{name} {kind}", forge.Token(claims: Forge.Claims((name, json))), error);

    private static IEnumerable<HostileToken> Typ(Forge forge)
    {
        foreach (var typ in new[]
        {
            null, "\"JWT\"", "\"jwt\"", "\"dpop+jwt\"", "\"id+jwt\"", "\"rt+jwt\"", "\"refresh+jwt\"", "\"AT+JWT\"", "\"at+jwt \"", "\"at\"", "\"\"", "1",
            "null", "[\"at+jwt\"]",
            "\"application/JWT\"", "\"application/application/at+jwt\"", "\"application/rt+jwt\"",
        })
        {
            yield return new("J-30", $"typ {typ ?? "missing"}", forge.Token(forge.Header(("typ", typ))), TokenError.WrongTyp);
        }

        yield return With(forge, "J-31", "refresh", "type", "\"refresh\"", TokenError.WrongType);
        yield return With(forge, "J-31", "missing", "type", null, TokenError.WrongType);
        yield return With(forge, "J-31", "unknown", "type", "\"reset\"", TokenError.WrongType);
        yield return With(forge, "J-31", "other case", "type", "\"Access\"", TokenError.WrongType);
    }

    private static IEnumerable<HostileToken> Parties(Forge forge)
    {
        HostileToken Iss(string kind, string? json, TokenError error = TokenError.WrongIssuer) => With(forge, "J-32", kind, "iss", json, error);
        yield return Iss("missing", null);
        yield return Iss("empty", "\"\"");
        yield return Iss("trailing slash", "\"https://auth.example/\"");
        yield return Iss("other case", "\"https://AUTH.example\"");
        yield return Iss("http", "\"http://auth.example\"");
        yield return Iss("of another", "\"https://other.example\"");
        yield return Iss("in an array", "[\"https://auth.example\"]", TokenError.ClaimType);
        yield return Iss("null", "null", TokenError.ClaimType);

        HostileToken Aud(string kind, string? json, TokenError error = TokenError.WrongAudience) => With(forge, "J-33", kind, "aud", json, error);
        yield return Aud("missing", null);
        yield return Aud("empty", "\"\"");
        yield return Aud("empty array", "[]");
        yield return Aud("of another", "\"https://other.example\"");
        yield return Aud("array of others", "[\"a\",\"https://api.example/\"]");
        yield return Aud("prefix", "\"https://api.exampl\"");
        yield return Aud("null", "null", TokenError.ClaimType);
        yield return Aud("number", "1", TokenError.ClaimType);
        yield return Aud("number before ours", "[1,\"https://api.example\"]", TokenError.ClaimType);
        yield return Aud("number after ours", "[\"https://api.example\",1]", TokenError.ClaimType);
        yield return Aud("array in array", "[[\"https://api.example\"]]", TokenError.ClaimType);
        yield return Aud("object", "{\"https://api.example\":1}", TokenError.ClaimType);
    }

    private static IEnumerable<HostileToken> Times(Forge forge)
    {
        yield return With(forge, "J-34", "missing", "exp", null, TokenError.MissingExpiry);
        yield return With(forge, "J-34", "now", "exp", $"{Forge.Seconds(TimeSpan.Zero)}", TokenError.Expired);
        yield return With(forge, "J-34", "zero", "exp", "0", TokenError.Expired);
        yield return With(forge, "J-34", "now with fraction", "exp", $"{Forge.Seconds(TimeSpan.Zero)}.9", TokenError.Expired);
        yield return With(forge, "J-35", "missing", "iat", null, TokenError.MissingIssuedAt);
        yield return With(forge, "J-35", "beyond skew", "nbf", $"{Forge.Seconds(TimeSpan.FromSeconds(61))}", TokenError.NotYetValid);
        yield return With(forge, "J-35", "year 9999", "nbf", "253402300799", TokenError.NotYetValid);
        yield return With(forge, "J-35", "beyond skew", "iat", $"{Forge.Seconds(TimeSpan.FromSeconds(61))}", TokenError.IssuedInFuture);
        yield return With(forge, "J-35", "after exp", "iat", $"{Forge.Seconds(TimeSpan.FromSeconds(1801))}", TokenError.ExpiresBeforeIssued);
        yield return With(forge, "J-35", "too long ago for exp", "iat", $"{Forge.Seconds(TimeSpan.FromSeconds(-1801))}", TokenError.LifetimeTooLong);
        yield return With(forge, "J-35", "an hour and a second ahead", "exp", $"{Forge.Seconds(TimeSpan.FromSeconds(3601))}", TokenError.LifetimeTooLong);
        yield return With(forge, "J-35", "year 9999", "exp", "253402300799", TokenError.LifetimeTooLong);
        foreach (var claim in new[] { "exp", "iat", "nbf", "auth_time" })
        {
            foreach (var (kind, json) in NoNumbers)
            {
                yield return With(forge, claim == "exp" ? "J-34" : "J-35", kind, claim, json, TokenError.ClaimType);
            }
        }
    }

    private static IEnumerable<HostileToken> Identifiers(Forge forge)
    {
        yield return With(forge, "J-36", "missing", "sub", null, TokenError.MissingSubject);
        yield return With(forge, "J-36", "empty", "sub", "\"\"", TokenError.MissingSubject);
        yield return With(forge, "J-36", "missing", "jti", null, TokenError.MissingTokenId);
        yield return With(forge, "J-36", "empty", "jti", "\"\"", TokenError.MissingTokenId);
        yield return With(forge, "J-36", "missing", "client_id", null, TokenError.MissingClientId);
        yield return With(forge, "J-36", "empty", "client_id", "\"\"", TokenError.MissingClientId);
        foreach (var claim in new[] { "sub", "jti", "client_id", "type" })
        {
            foreach (var (kind, json) in NoTexts)
            {
                yield return With(forge, "J-36", kind, claim, json, TokenError.ClaimType);
            }
        }

        yield return With(forge, "J-36", "of 256 characters", "sub", $"\"{new string('x', 256)}\"", TokenError.ClaimType);
        yield return With(forge, "J-36", "of 256 characters", "jti", $"\"{new string('x', 256)}\"", TokenError.ClaimType);
    }

    private static IEnumerable<HostileToken> OfSessions(Forge forge)
    {
        foreach (var sid in new[]
        {
            "null", "1", "\"\"", "\"1\"", "\"01890a5d-ac96-774b-bcce-b302099a805\"", "\"01890a5dac96774bbcceb302099a8057\"",
            "\"{01890a5d-ac96-774b-bcce-b302099a8057}\"",
            "\" 01890a5d-ac96-774b-bcce-b302099a8057\"", "\"01890a5d-ac96-774b-bcce-b302099a805g\"", "[\"01890a5d-ac96-774b-bcce-b302099a8057\"]",
        })
        {
            yield return With(forge, "J-38", sid, "sid", sid, TokenError.ClaimType);
        }

        foreach (var claim in new[] { "roles", "amr" })
        {
            foreach (var json in new[] { "\"admin\"", "null", "{\"admin\":true}", "[[\"admin\"]]", "[\"user\",1]", "[null]", "true" })
            {
                yield return With(forge, "J-39", json, claim, json, TokenError.ClaimType);
            }
        }

        foreach (var json in new[] { "\"1\"", "null", "-1", "1.5", "9223372036854775808", "[1]" })
        {
            yield return With(forge, "J-38", json, "epoch", json, TokenError.ClaimType);
        }

        foreach (var json in new[] { "{\"jkt\":\"x\"}", "null", "{}" })
        {
            yield return With(forge, "J-40", json, "cnf", json, TokenError.ProofRequired);
        }
    }
}
