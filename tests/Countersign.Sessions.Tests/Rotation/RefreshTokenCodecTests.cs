using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Sessions.Tests.Rotation;

public sealed class RefreshTokenCodecTests : IDisposable
{
    private const string Issuer = "https://issuer.example";

    private static readonly DateTimeOffset Now = RotationScene.Now;

    private readonly SigningKey _accessKey = SigningKey.Create(SignatureAlgorithm.ES256);
    private readonly SigningKey _key = SigningKey.Create(SignatureAlgorithm.HS256);
    private readonly FakeTimeProvider _time = new(Now);
    private readonly TokenPolicy _policy;
    private readonly RefreshTokenCodec _codec;

    public RefreshTokenCodecTests()
    {
        _policy = TokenPolicy.Strict(new KeyRing(new KeySet(_accessKey, [])), Issuer, Issuer);
        _codec = new RefreshTokenCodec(_policy, MakeRing(_key), _time);
    }

    public void Dispose()
    {
        _accessKey.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void TryRead_WhatWriteMade_GivesTheRowsClaims()
    {
        var row = MakeRow();

        Assert.True(_codec.TryRead(_codec.Write(row, _key), Now, out var claims, out var error));

        Assert.Null(error);
        Assert.Equal(row.Id, claims.SessionId);
        Assert.Equal(row.UserId, claims.UserId);
        Assert.Equal(5, claims.Generation);
        Assert.Equal(4, claims.Parent);
        Assert.True(RefreshTokenMac.Fits(row, 5, claims.Check.Span));
        Assert.Equal(row.State.RefreshedAt, claims.IssuedAt);
        Assert.Equal(row.State.IdleExpiresAt, claims.ExpiresAt);
    }

    [Fact]
    public void Write_FirstGeneration_HasNoParentAndIsIssuedAtTheLogin()
    {
        var row = MakeRow(state => state with { Generation = 1, Parent = null, RefreshedAt = null });

        Assert.True(_codec.TryRead(_codec.Write(row, _key), Now, out var claims, out _));

        Assert.Null(claims.Parent);
        Assert.Equal(row.CreatedAt, claims.IssuedAt);
    }

    [Fact]
    public void Write_AnyRow_HasExactlyTheClaimsOfTheDesign()
    {
        var token = _codec.Write(MakeRow(), _key);
        var header = Read(token, 0);
        var payload = Read(token, 1);

        Assert.Equal("alg kid typ", string.Join(' ', header.Select(member => member.Key).Order(StringComparer.Ordinal)));
        Assert.Equal("rt+jwt", (string?)header["typ"]);
        Assert.Equal("HS256", (string?)header["alg"]);
        Assert.Equal(_key.KeyId, (string?)header["kid"]);
        Assert.Equal("chk exp gen iat iss par sid sub type", string.Join(' ', payload.Select(member => member.Key).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Write_EqualRows_GivesEqualBytes()
    {
        using var sameKey = SigningKey.FromSecret(_key.ExportPrivateKey(), SignatureAlgorithm.HS256, _key.KeyId);
        var otherNode = new RefreshTokenCodec(_policy, MakeRing(sameKey), new FakeTimeProvider(Now + TimeSpan.FromMinutes(9)));

        Assert.Equal(_codec.Write(MakeRow(), _key), otherNode.Write(MakeRow(), sameKey), StringComparer.Ordinal);
    }

    [Fact]
    public void Write_RowsThatDifferWithinOneSecond_GivesEqualBytes()
    {
        var row = MakeRow();
        var later = MakeRow(state => state with
        {
            RefreshedAt = state.RefreshedAt!.Value.AddTicks(TimeSpan.TicksPerSecond - 1),
            IdleExpiresAt = state.IdleExpiresAt.AddTicks(TimeSpan.TicksPerSecond - 1),
        });

        Assert.Equal(_codec.Write(row, _key), _codec.Write(later, _key), StringComparer.Ordinal);
    }

    [Fact]
    public void Write_LastSecondOfASession_GivesATokenThatIsRead()
    {
        var row = MakeRow(state => state with { RefreshedAt = Now.AddMilliseconds(100), IdleExpiresAt = Now.AddMilliseconds(900) });

        Assert.True(_codec.TryRead(_codec.Write(row, _key), Now.AddMilliseconds(200), out _, out _));
    }

    [Fact]
    public void Write_AnotherKeyThanTheRows_Throws()
    {
        using var other = SigningKey.Create(SignatureAlgorithm.HS256);

        Assert.Throws<ArgumentException>(() => _codec.Write(MakeRow(), other));
    }

    [Fact]
    public void Write_UnsetState_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _codec.Write(MakeRow(state => state with { Generation = 0 }), _key));

    [Fact]
    public void TryRead_PastItsExpiry_GivesTheSameClaims()
    {
        var row = MakeRow();
        var token = _codec.Write(row, _key);

        Assert.True(_codec.TryRead(token, row.State.IdleExpiresAt.AddTicks(-1), out var before, out _));
        Assert.True(_codec.TryRead(token, row.State.IdleExpiresAt.AddDays(400), out var after, out _));

        Assert.Equal(row.State.IdleExpiresAt, after.ExpiresAt);
        Assert.Equal(before with { Check = after.Check }, after);
        Assert.Equal(before.Check.ToArray(), after.Check.ToArray());
    }

    [Fact]
    public void TryRead_PastItsExpiry_AnyFlippedBitIsRefused()
    {
        var row = MakeRow();
        var token = _codec.Write(row, _key);
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            var characters = token.ToCharArray();
            characters[bit / 8] ^= (char)(1 << (bit % 8));

            Assert.Equal(RefreshError.InvalidToken, ReadError(new string(characters), row.State.IdleExpiresAt.AddDays(1)));
        }
    }

    [Fact]
    public void TryRead_AnyFlippedBit_IsRefused()
    {
        var token = _codec.Write(MakeRow(), _key);
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            var characters = token.ToCharArray();
            characters[bit / 8] ^= (char)(1 << (bit % 8));

            Assert.Equal(RefreshError.InvalidToken, ReadError(new string(characters)));
        }
    }

    [Fact]
    public void TryRead_AnyTruncation_IsRefused()
    {
        var token = _codec.Write(MakeRow(), _key);
        for (var length = 0; length < token.Length; length++)
        {
            Assert.Equal(RefreshError.InvalidToken, ReadError(token[..length]));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("\ud800.\udfff.\0")]
    public void TryRead_NoTokenAtAll_IsRefused(string? token) => Assert.Equal(RefreshError.InvalidToken, ReadError(token));

    [Fact]
    public void TryRead_RandomText_NeverThrows()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var text = new char[random.Next(300)];
            for (var j = 0; j < text.Length; j++)
            {
                text[j] = random.Next(8) == 0 ? '.' : (char)random.Next(1, 0x180);
            }

            Assert.Equal(RefreshError.InvalidToken, ReadError(new string(text)));
        }
    }

    [Fact]
    public void TryRead_GenuinePayload_IsReadAsTheTableBelowAssumes()
    {
        Assert.True(_codec.TryRead(Sign(MakePayload()), Now, out var claims, out _));
        Assert.Equal(5, claims.Generation);
    }

    /// <summary>A claim, the JSON that takes its place (null: it is left out), the reason.</summary>
    public static TheoryData<string, string?, int> UnfitClaims
    {
        get
        {
            var data = new TheoryData<string, string?, int>();
            foreach (var claim in new[] { "iss", "sub", "gen", "par", "chk", "type", "iat", "exp" })
            {
                data.Add(claim, null, (int)RefreshError.InvalidToken);
                foreach (var json in new[] { "null", "true", "[]", "{}", "[5]" })
                {
                    data.Add(claim, json, (int)RefreshError.InvalidToken);
                }
            }

            data.Add("sid", null, (int)RefreshError.NoSession);
            foreach (var json in new[]
            {
                "null", "true", "7", "\"\"", "\"x\"", "\"0195c0de00007000800000000000beef\"", "\"{0195c0de-0000-7000-8000-00000000beef}\"",
            })
            {
                data.Add("sid", json, (int)RefreshError.InvalidToken);
            }

            foreach (var json in new[] { "0", "-1", "2147483648", "9223372036854775808", "5.0", "5e0", "5.5", "\"5\"", "1e400", "4", "1" })
            {
                // 4 and 1 are generations, but not later than the parent 4.
                data.Add("gen", json, (int)RefreshError.InvalidToken);
            }

            foreach (var json in new[] { "0", "-1", "5", "6", "2147483648", "4.0", "\"4\"" })
            {
                data.Add("par", json, (int)RefreshError.InvalidToken);
            }

            foreach (var json in new[]
            {
                "7", "\"\"", "\"AAAAAAAAAAAAAAAAAAAAA\"", "\"AAAAAAAAAAAAAAAAAAAAAAA\"", "\"AAAAAAAAAAAAAAAAAAAAAA==\"", "\"AAAAAAAAAAAAAAAAAAAAA \"",
                "\"AAAAAAAAAAAAAAAAAAAA==\"", "\"AAAAAAAAAAAAAAAAAAAAAB\"", "\"AAAAAAAAAAAAAAAAAAAA+/\"", "\"AAAAAAAAAAAAAAAAAAAA\\u00e4A\"",
            })
            {
                data.Add("chk", json, (int)RefreshError.InvalidToken);
            }

            data.Add("iss", "\"https://issuer.example/\"", (int)RefreshError.InvalidToken);
            data.Add("type", "\"access\"", (int)RefreshError.InvalidToken);
            data.Add("sub", "\"\"", (int)RefreshError.InvalidToken);
            data.Add("exp", "\"1772366400\"", (int)RefreshError.InvalidToken);
            // An expiry that has passed is read; one before iat was never written.
            data.Add("exp", "1", (int)RefreshError.InvalidToken);
            data.Add("nbf", "4102444800", (int)RefreshError.InvalidToken);
            data.Add("aud", "\"somebody\"", (int)RefreshError.InvalidToken);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(UnfitClaims))]
    public void TryRead_UnfitClaim_IsRefused(string claim, string? json, int error)
    {
        var payload = MakePayload();
        payload.Remove(claim);
        var text = payload.ToJsonString();
        text = json is null ? text : text[..^1] + $",\"{claim}\":{json}}}";
        var token = Sign(text, _key, "rt+jwt");

        Assert.Equal((RefreshError)error, ReadError(token));
        Assert.Equal((RefreshError)error, ReadError(token, Now.AddDays(30)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryRead_GenerationAndParent_OnlyTheFirstHasNone(int generation)
    {
        var payload = MakePayload();
        payload["gen"] = generation;
        payload.Remove("par");

        Assert.Equal(generation == 1, _codec.TryRead(Sign(payload), Now, out _, out _));

        payload["par"] = 1;
        Assert.Equal(generation == 2, _codec.TryRead(Sign(payload), Now, out _, out _));
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("JWT")]
    [InlineData("refresh+jwt")]
    public void TryRead_AnotherTyp_IsRefused(string typ) =>
        Assert.Equal(RefreshError.InvalidToken, ReadError(Sign(MakePayload().ToJsonString(), _key, typ)));

    [Fact]
    public void TryRead_KeyOfAccessTokens_IsRefused()
    {
        // The payload is genuine in all but the key.
        Assert.Equal(RefreshError.InvalidToken, ReadError(Sign(MakePayload().ToJsonString(), _accessKey, "rt+jwt")));
    }

    [Fact]
    public void TryRead_KeyThatIsGone_IsRefused()
    {
        using var gone = SigningKey.Create(SignatureAlgorithm.HS256);

        Assert.Equal(RefreshError.InvalidToken, ReadError(Sign(MakePayload().ToJsonString(), gone, "rt+jwt")));
    }

    [Fact]
    public void TryRead_KeyOfAnEarlierRefreshKey_IsRead()
    {
        using var next = SigningKey.Create(SignatureAlgorithm.HS256);
        var token = _codec.Write(MakeRow(), _key);
        var codec = new RefreshTokenCodec(_policy, MakeRing(next, _key), _time);

        Assert.True(codec.TryRead(token, Now, out _, out _));
    }

    [Fact]
    public void TryRead_AccessToken_IsRefused() =>
        Assert.Equal(RefreshError.InvalidToken, ReadError(new TokenIssuer(_policy, _time).CreateAccessToken("user-1").Value));

    [Fact]
    public void TryRead_SessionlessToken_HasNoSession()
    {
        var token = new TokenIssuer(_policy, _time).CreateRefreshToken("user-1", TimeSpan.FromHours(1));

        Assert.Equal(RefreshError.NoSession, ReadError(token.Value));
        Assert.Equal(RefreshError.TokenExpired, ReadError(token.Value, token.ExpiresAt));
        Assert.Equal(RefreshError.InvalidToken, ReadError(token.Value[..^4] + "AAAA"));
    }

    [Fact]
    public void TryRead_NoRefreshKeyLoaded_IsNoRefusalOfTheToken()
    {
        var codec = new RefreshTokenCodec(_policy, new RefreshKeyRing(), _time);
        var token = _codec.Write(MakeRow(), _key);

        Assert.Throws<SessionsUnavailableException>(() => codec.TryRead(token, Now, out _, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Issuer)]
    public void TryRead_UnderASharedSecret_HoldsAllThatWriteWrites(string? issuer)
    {
        var policy = TokenPolicy.SharedSecret("pNhNqxKwzY5yKq1dYx2FhR8wVb3sTgLm").WithIssuer(issuer);
        var codec = new RefreshTokenCodec(policy, MakeRing(_key), _time);
        var sessionless = new TokenIssuer(policy, _time).CreateRefreshToken("user-1").Value;
        var token = codec.Write(MakeRow(), _key);

        Assert.True(codec.TryRead(token, Now, out var claims, out _));
        Assert.Equal(5, claims.Generation);
        Assert.False(codec.TryRead(sessionless, Now, out _, out var error));
        Assert.Equal(RefreshError.NoSession, error);

        var payload = Read(token, 1);
        payload.Remove("iat");
        Assert.False(codec.TryRead(Sign(payload), Now, out _, out error));
        Assert.Equal(RefreshError.InvalidToken, error);

        payload = Read(token, 1);
        payload["iss"] = "https://other.example";
        Assert.False(codec.TryRead(Sign(payload), Now, out _, out error));
        Assert.Equal(RefreshError.InvalidToken, error);
    }

    [Fact]
    public void Decide_TokenOfTheCodec_FitsItsRowAndNoOther()
    {
        var row = MakeRow();
        Assert.True(_codec.TryRead(_codec.Write(row, _key), Now, out var claims, out _));
        var restored = new Session(new byte[16], row.Stamp, row.State)
        {
            Id = row.Id,
            UserId = row.UserId,
            CreatedAt = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
            AuthenticatedAt = row.AuthenticatedAt,
            Methods = [],
        };

        Assert.Equal(RotationCase.Rotated, Decide(row).Case);
        Assert.Equal(RefreshError.CheckMismatch, Decide(restored).Error);

        RotationDecision Decide(Session session)
        {
            var keys = new RotationKeys(_key.KeyId!, FrozenSet.Create(StringComparer.Ordinal, _key.KeyId!));
            return RotationRule.Decide(session, RotationScene.MakeAccount(), claims, Now, Now, keys, null, new());
        }
    }

    private static RefreshKeyRing MakeRing(SigningKey current, params SigningKey[] retired)
    {
        var ring = new RefreshKeyRing();
        ring.Replace(current, [current, .. retired], []);
        return ring;
    }

    private Session MakeRow(Func<SessionState, SessionState>? change = null)
    {
        var scene = new RotationScene();
        var state = scene.State with { KeyId = _key.KeyId! };
        scene.State = change is null ? state : change(state);
        return scene.Row;
    }

    private RefreshError? ReadError(string? token, DateTimeOffset? now = null)
    {
        Assert.False(_codec.TryRead(token, now ?? Now, out var claims, out var error));
        Assert.Equal(default, claims);
        return error;
    }

    private JsonObject MakePayload() => Read(_codec.Write(MakeRow(), _key), 1);

    private string Sign(JsonObject payload) => Sign(payload.ToJsonString(), _key, "rt+jwt");

    private static string Sign(string payload, SigningKey key, string typ)
    {
        var header = JsonSerializer.Serialize(new { alg = key.Algorithm.Name, typ, kid = key.KeyId });
        var input = Encode(Encoding.UTF8.GetBytes(header)) + "." + Encode(Encoding.UTF8.GetBytes(payload));
        var signature = new byte[key.SignatureBytes];
        key.Sign(Encoding.ASCII.GetBytes(input), signature);
        return input + "." + Encode(signature);
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static JsonObject Read(string token, int segment) =>
        JsonNode.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(token.Split('.')[segment])))!.AsObject();
}
