using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Matrix;

/// <summary>Claims that say the wrong thing, and sessions that are over.</summary>
internal static partial class BadBearers
{
    private static IEnumerable<BadBearer> Claims(Forge access)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var issuer = access.Claims["iss"]!.GetValue<string>();
        (string Name, Action<JsonObject> Change, string Code)[] rows =
        [
            ("expired", claims => claims["exp"] = now - 1, "token_expired"),
            ("expired long ago", static claims => claims["exp"] = 1_000_000_000, "token_expired"),
            ("expiry missing", static claims => claims.Remove("exp"), "token_expiry_missing"),
            ("expiry text", claims => claims["exp"] = $"{now + 600}", "token_claim_malformed"),
            ("expiry null", static claims => claims["exp"] = null, "token_claim_malformed"),
            ("expiry far away", static claims => claims["exp"] = 253_402_300_799, "token_lifetime_too_long"),
            ("not yet valid", claims => claims["nbf"] = now + 300, "token_not_yet_valid"),
            ("not before: text", claims => claims["nbf"] = $"{now - 10}", "token_claim_malformed"),
            ("issued in the future", claims => { claims["iat"] = now + 300; claims["exp"] = now + 900; }, "token_issued_in_future"),
            ("issued after its expiry", claims => { claims["iat"] = now + 30; claims["exp"] = now + 10; }, "token_expires_before_issued"),
            ("never issued", static claims => claims.Remove("iat"), "token_issued_at_missing"),
            ("too long a life", claims => { claims["iat"] = now - 10; claims["exp"] = now + 3600; }, "token_lifetime_too_long"),
            ("iss another", static claims => claims["iss"] = "https://evil.example", "token_issuer_wrong"),
            ("iss with a slash behind", claims => claims["iss"] = issuer + "/", "token_issuer_wrong"),
            ("iss in other case", claims => claims["iss"] = issuer.ToUpperInvariant(), "token_issuer_wrong"),
            ("iss missing", static claims => claims.Remove("iss"), "token_issuer_wrong"),
            ("iss an array", claims => claims["iss"] = new JsonArray(issuer), "token_claim_malformed"),
            ("aud another", static claims => claims["aud"] = "https://other.example", "token_audience_wrong"),
            ("aud missing", static claims => claims.Remove("aud"), "token_audience_wrong"),
            ("aud empty", static claims => claims["aud"] = string.Empty, "token_audience_wrong"),
            ("aud an empty array", static claims => claims["aud"] = new JsonArray(), "token_audience_wrong"),
            ("aud an array without us", static claims => claims["aud"] = new JsonArray("a", "b"), "token_audience_wrong"),
            ("aud an array with a number", claims => claims["aud"] = new JsonArray(issuer, 1), "token_claim_malformed"),
            ("type refresh", static claims => claims["type"] = "refresh", "token_type_wrong"),
            ("type missing", static claims => claims.Remove("type"), "token_type_wrong"),
            ("type of another kind", static claims => claims["type"] = "reset", "token_type_wrong"),
            ("subject missing", static claims => claims.Remove("sub"), "token_subject_missing"),
            ("subject empty", static claims => claims["sub"] = string.Empty, "token_subject_missing"),
            ("subject a number", static claims => claims["sub"] = 1, "token_claim_malformed"),
            ("jti missing", static claims => claims.Remove("jti"), "token_id_missing"),
            ("jti empty", static claims => claims["jti"] = string.Empty, "token_id_missing"),
            ("session missing, as in the tokens of the specification", static claims => claims.Remove("sid"), "token_without_session"),
            ("session null", static claims => claims["sid"] = null, "token_claim_malformed"),
            ("session no UUID", static claims => claims["sid"] = "1", "token_claim_malformed"),
            ("bound to a key (cnf)",
                static claims => claims["cnf"] = new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }, "token_proof_required"),
            ("bound to a certificate (cnf)",
                static claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" }, "token_proof_required"),
        ];
        foreach (var (name, change, code) in rows)
        {
            yield return BadBearer.Token(name, access.Sign(change), code);
        }

        var header = $"{{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"{access.Key.KeyId}\"}}";
        var text = access.Claims.ToJsonString();
        yield return BadBearer.Token("a claim twice", Forge.Sign(header, $"{text[..^1]},\"sub\":\"admin\"}}", access.Key), "token_member_duplicated");
        yield return BadBearer.Token(
            "a claim twice, escaped", Forge.Sign(header, $"{text[..^1]},\"\\u0073ub\":\"admin\"}}", access.Key), "token_member_duplicated");
        yield return BadBearer.Token("claims: an array", Forge.Sign(header, $"[{text}]", access.Key), "token_payload_malformed");
        yield return BadBearer.Token("claims: text behind them", Forge.Sign(header, text + "{}", access.Key), "token_payload_malformed");
        yield return BadBearer.Token("claims: a comment", Forge.Sign(header, "/**/" + text, access.Key), "token_payload_malformed");
        yield return BadBearer.Token("claims: a byte order mark", Forge.Sign(header, "\uFEFF" + text, access.Key), "token_payload_malformed");
    }

    /// <summary>Tokens that were good once, and tokens that are good for something else.</summary>
    private static IEnumerable<BadBearer> Sessions(MatrixServer server) =>
    [
        BadBearer.Token("refresh token", server.Refresh.Genuine, "token_typ_wrong"),
        BadBearer.Token("refresh token that calls itself at+jwt", server.Refresh.Sign(header: static header => header["typ"] = "at+jwt"), "token_key_unknown"),
        BadBearer.Token(
            "refresh token's claims under the access key", server.Access.Sign(claims => Replace(claims, server.Refresh.Claims)), "token_type_wrong"),
        BadBearer.Token("logged out", server.LoggedOut.AccessToken, "session_revoked"),
        BadBearer.Token("logged out everywhere", server.LoggedOutEverywhere.AccessToken, "session_revoked"),
        BadBearer.Token("session ended from the list", server.EndedFromElsewhere.AccessToken, "session_revoked"),
        BadBearer.Token("family revoked after a token was used again", server.FamilyRevoked.AccessToken, "session_revoked"),
        BadBearer.Token("password changed", server.PasswordChanged.AccessToken, "session_revoked"),
        BadBearer.Token("account deleted", server.Deleted.AccessToken, "session_revoked"),
        BadBearer.Token("account made again under the same address", server.MadeAgain.AccessToken, "session_revoked"),
        BadBearer.Token("everybody's sessions ended", server.OfOldEpoch.AccessToken, "epoch_revoked"),
        BadBearer.Token("epoch of before that", server.Access.Sign(static claims => claims["epoch"] = 0), "epoch_revoked"),
        BadBearer.Token("epoch missing", server.Access.Sign(static claims => claims.Remove("epoch")), "epoch_revoked"),
        BadBearer.Token("epoch negative", server.Access.Sign(static claims => claims["epoch"] = -1), "token_claim_malformed"),
        BadBearer.Token("account deactivated", server.Deactivated.AccessToken, new Expected(400, "account_inactive", "invalid_token")),
    ];

    private static void Replace(JsonObject claims, JsonObject others)
    {
        claims.Clear();
        foreach (var (name, value) in others)
        {
            claims[name] = value?.DeepClone();
        }
    }
}
