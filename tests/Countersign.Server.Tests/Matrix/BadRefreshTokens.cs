using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Tests.Matrix;

/// <summary>Every bad refresh token. What is signed anew is signed with the server's own refresh key, unless its name says otherwise.</summary>
internal static class BadRefreshTokens
{
    /// <summary>What the end of a session changes.</summary>
    private const string SessionsEnd = "countersign_sessions countersign_revocations countersign_feed_head";

    public static async Task<IReadOnlyList<BadRefreshToken>> AllAsync(MatrixServer server) =>
        [.. Texts(server), .. Headers(server), .. Claims(server), .. await SessionsAsync(server), .. await OnTheDatabaseAsync(server)];

    private static IEnumerable<BadRefreshToken> Texts(MatrixServer server)
    {
        var good = server.Refresh.Genuine;
        var parts = good.Split('.');
        return
        [
            BadRefreshToken.NotOurs("nonsense", "nonsense"),
            BadRefreshToken.NotOurs("no signature", $"{parts[0]}.{parts[1]}."),
            BadRefreshToken.NotOurs("cut", good[..^1]),
            BadRefreshToken.NotOurs("padded", good + "="),
            BadRefreshToken.NotOurs("a space behind", good + " "),
            BadRefreshToken.NotOurs("with its scheme", "Bearer " + good),
            BadRefreshToken.NotOurs("too long", new string('A', 9000)),
            BadRefreshToken.NotOurs("tampered: subject", server.Refresh.Tamper(static claims => claims["sub"] = Guid.CreateVersion7().ToString())),
            BadRefreshToken.NotOurs("tampered: generation", server.Refresh.Tamper(static claims => claims["gen"] = 2)),
            BadRefreshToken.NotOurs("access token", server.Access.Genuine),
            BadRefreshToken.NotOurs("access token of a session that is over", server.LoggedOut.AccessToken),
            BadRefreshToken.NotOurs("of another environment", server.Elsewhere.RefreshToken),
            BadRefreshToken.NotOurs("session id", server.OtherSessionId),
        ];
    }

    private static IEnumerable<BadRefreshToken> Headers(MatrixServer server)
    {
        var refresh = server.Refresh;
        using var foreign = SigningKey.Create(SignatureAlgorithm.HS256);
        List<BadRefreshToken> rows =
        [
            BadRefreshToken.NotOurs("foreign key under our kid", refresh.Sign(with: foreign)),
            BadRefreshToken.NotOurs("foreign key under its own kid", refresh.Sign(header: header => header["kid"] = foreign.KeyId, with: foreign)),
            BadRefreshToken.NotOurs(
                "access key", refresh.Sign(header: header => { header["kid"] = server.Access.Key.KeyId; header["alg"] = "ES256"; }, with: server.Access.Key)),
            BadRefreshToken.NotOurs(
                "access key under the refresh key's kid", refresh.Sign(header: static header => header["alg"] = "ES256", with: server.Access.Key)),
            BadRefreshToken.NotOurs("kid missing", refresh.Sign(header: static header => header.Remove("kid"))),
            BadRefreshToken.NotOurs("typ at+jwt", refresh.Sign(header: static header => header["typ"] = "at+jwt")),
            BadRefreshToken.NotOurs("typ JWT", refresh.Sign(header: static header => header["typ"] = "JWT")),
            BadRefreshToken.NotOurs("typ missing", refresh.Sign(header: static header => header.Remove("typ"))),
            BadRefreshToken.NotOurs("jwk in the header", refresh.Sign(header: static header => header["jwk"] = "{}")),
        ];
        foreach (var none in (string[])["none", "None", "NONE", "nOnE"])
        {
            rows.Add(BadRefreshToken.NotOurs($"alg {none}", refresh.Sign(header: header => header["alg"] = none)));
            var unsigned = refresh.Relabel(header => header["alg"] = none);
            rows.Add(BadRefreshToken.NotOurs($"alg {none} without a signature", unsigned[..(unsigned.LastIndexOf('.') + 1)]));
        }

        rows.AddRange(((string[])["HS384", "HS512", "ES256", "RS256"]).Select(algorithm =>
            BadRefreshToken.NotOurs($"alg {algorithm} under the refresh key", refresh.Sign(header: header => header["alg"] = algorithm))));
        rows.AddRange(PublicKeyForms.All(server.Access.Key).Select(form =>
            BadRefreshToken.NotOurs($"MAC under the public key: {form.Name}", refresh.Mac("HS256", form.Secret))));
        return rows;
    }

    private static IEnumerable<BadRefreshToken> Claims(MatrixServer server)
    {
        var refresh = server.Refresh;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (string Name, Action<JsonObject> Change, string Code)[] rows =
        [
            ("expired", claims => (claims["iat"], claims["exp"]) = (now - 3600, now - 1), "refresh_token_expired"),
            ("expired before it was issued", claims => claims["exp"] = (long)claims["iat"]! - 1, "refresh_token_invalid"),
            ("expiry missing", static claims => claims.Remove("exp"), "refresh_token_invalid"),
            ("not yet valid", claims => claims["nbf"] = now + 300, "refresh_token_invalid"),
            ("iss another", static claims => claims["iss"] = "https://evil.example", "refresh_token_invalid"),
            ("iss missing", static claims => claims.Remove("iss"), "refresh_token_invalid"),
            ("aud another", static claims => claims["aud"] = "https://other.example", "refresh_token_invalid"),
            ("type access", static claims => claims["type"] = "access", "refresh_token_invalid"),
            ("type missing", static claims => claims.Remove("type"), "refresh_token_invalid"),
            ("subject missing", static claims => claims.Remove("sub"), "refresh_token_invalid"),
            ("session no UUID", static claims => claims["sid"] = "1", "refresh_token_invalid"),
            ("generation 0", static claims => claims["gen"] = 0, "refresh_token_invalid"),
            ("generation text", static claims => claims["gen"] = "1", "refresh_token_invalid"),
            ("generation missing", static claims => claims.Remove("gen"), "refresh_token_invalid"),
            ("a parent that is none", static claims => claims["par"] = 1, "refresh_token_invalid"),
            ("check missing", static claims => claims.Remove("chk"), "refresh_token_invalid"),
            ("check too short", static claims => claims["chk"] = "AAAA", "refresh_token_invalid"),
            ("bound to a key (cnf)", static claims => claims["cnf"] = new JsonObject { ["jkt"] = "x" }, "refresh_token_invalid"),
            ("session missing, as in the tokens of the specification", static claims => claims.Remove("sid"), "refresh_token_without_session"),
        ];
        foreach (var (name, change, code) in rows)
        {
            yield return BadRefreshToken.NotOurs(name, refresh.Sign(change), code);
        }

        yield return BadRefreshToken.NotOurs(
            "the specification's refresh token, under the access key",
            new Forge(server.Access.Genuine, server.Access.Key).Sign(
                static claims => { claims.Remove("sid"); claims["type"] = "refresh"; }, static header => header["typ"] = "rt+jwt"),
            "refresh_token_without_session");
        yield return Check("check of nobody", refresh.Sign(static claims => claims["chk"] = Forge.Encode(new byte[16])));
        yield return Check("another's subject", refresh.Sign(static claims => claims["sub"] = Guid.CreateVersion7().ToString()));
        yield return Check("another's session", refresh.Sign(claims => claims["sid"] = server.Stranger.SessionId()));
        yield return Check("a session that is over", refresh.Sign(claims => claims["sid"] = server.LoggedOut.SessionId()));
        yield return Check("the check of another generation", refresh.Sign(static claims => { claims["gen"] = 2; claims["par"] = 1; }));
        yield return BadRefreshToken.NotOurs(
            "an unknown session", refresh.Sign(static claims => claims["sid"] = Guid.CreateVersion7().ToString()), "session_unknown");
    }

    /// <summary>Whoever has the refresh key alone makes nothing of it: the check comes from the database.</summary>
    private static BadRefreshToken Check(string name, string token) => BadRefreshToken.NotOurs(name, token, "refresh_token_check_mismatch");

    /// <summary>Sessions that are over, each in its own way.</summary>
    private static async Task<IEnumerable<BadRefreshToken>> SessionsAsync(MatrixServer server)
    {
        // One for each route: who uses a token that was left behind ends its session, and would find it ended the next time.
        var (atRefresh, atToken) = (await LeftBehindAsync(server), await LeftBehindAsync(server));
        return
        [
            BadRefreshToken.Over("logged out", server.LoggedOut.RefreshToken, "session_revoked"),
            BadRefreshToken.Over("logged out everywhere", server.LoggedOutEverywhere.RefreshToken, "session_revoked"),
            BadRefreshToken.Over("session ended from the list", server.EndedFromElsewhere.RefreshToken, "session_revoked"),
            BadRefreshToken.Over("password changed", server.PasswordChanged.RefreshToken, "session_revoked"),
            BadRefreshToken.Over("family revoked", server.FamilyRevoked.RefreshToken, "session_revoked"),
            BadRefreshToken.Over("everybody's sessions ended", server.OfOldEpoch.RefreshToken, "session_revoked"),
            BadRefreshToken.Over("account deactivated", server.Deactivated.RefreshToken, "account_inactive"),
            BadRefreshToken.Over("account deleted", server.Deleted.RefreshToken, "account_unknown"),
            BadRefreshToken.Over("account made again under the same address", server.MadeAgain.RefreshToken, "account_unknown"),

            // A refusal that ends the session.
            new(
                "rotated",
                operation => IsForm(operation) ? BadRefreshToken.Form(operation, atToken) : BadRefreshToken.Json(operation, atRefresh),
                Expected.Grant("refresh_token_reused"),
                AtLogout: null)
            {
                Writes = SessionsEnd,
            },
        ];
    }

    private static bool IsForm(Operation operation) => operation.Pattern.EndsWith("/token", StringComparison.Ordinal);

    private static async Task<string> LeftBehindAsync(MatrixServer server)
    {
        var client = await server.NewAccountAsync();
        var first = client.RefreshToken;
        client.Keep(await client.RefreshAsync());
        return first;
    }

    /// <summary>What only an operator with the database in his hands can make.</summary>
    private static async Task<IEnumerable<BadRefreshToken>> OnTheDatabaseAsync(MatrixServer server)
    {
        var (expired, moved, gone, inactive, ahead) = (
            await server.NewAccountAsync(),
            await server.NewAccountAsync(),
            await server.NewAccountAsync(),
            await server.NewAccountAsync(),
            await server.NewAccountAsync());
        await server.ExecuteAsync($"UPDATE countersign_sessions SET expires_at = 1, idle_expires_at = 1 WHERE {IsSessionOf(expired)}");
        await server.ExecuteAsync($"UPDATE AspNetUsers SET SecurityStamp = 'MOVED' WHERE Email = '{moved.Email}'");
        await server.ExecuteAsync($"DELETE FROM AspNetUsers WHERE Email = '{gone.Email}'");
        await server.ExecuteAsync($"UPDATE AspNetUsers SET IsActive = 0 WHERE Email = '{inactive.Email}'");
        return
        [
            BadRefreshToken.Over("session expired", expired.RefreshToken, "session_expired"),
            BadRefreshToken.Over("security stamp moved", moved.RefreshToken, "account_changed") with { Writes = SessionsEnd },
            BadRefreshToken.Over("account gone from the table", gone.RefreshToken, "account_unknown") with { Writes = SessionsEnd },
            BadRefreshToken.Over("account inactive in the table", inactive.RefreshToken, "account_inactive") with { Writes = SessionsEnd },
            BadRefreshToken.Over("a generation that was never issued, with the right check", await AheadAsync(server, ahead), "session_ahead"),
        ];
    }

    private static async Task<string> AheadAsync(MatrixServer server, ApiClient client)
    {
        await using var database = await DatabaseDigest.OpenAsync(server.Database);
        var salt = await database.FindBytesAsync($"SELECT salt FROM countersign_sessions WHERE {IsSessionOf(client)}");
        const int Generation = 5;
        var check = HMACSHA256.HashData(salt, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{client.SessionId()}.{Generation}")));
        return new Forge(client.RefreshToken, server.Refresh.Key).Sign(claims =>
        {
            claims["gen"] = Generation;
            claims["par"] = 1;
            claims["chk"] = Forge.Encode(check.AsSpan(0, 16));
        });
    }

    private static string IsSessionOf(ApiClient client) => $"lower(id) = '{client.SessionId()}'";
}
