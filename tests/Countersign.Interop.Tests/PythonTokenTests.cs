using Countersign.Interop.Tests.Support;
using Countersign.Tokens;

namespace Countersign.Interop.Tests;

/// <summary>Tokens of python-jose and PyJWT are read here, and ours there, under one secret.</summary>
public sealed class PythonTokenTests
{
    private const string Secret = "Qm7vKx2RtZ9wLc4HsNp8YbDf3GjTa6Eu";
    private const string OtherSecret = "Wd5nBq8XsKv3RmTz7LhCp4YgJf9EaUt2Wy6";
    private static readonly TokenPolicy Policy = TokenPolicy.SharedSecret(Secret);
    private static readonly TokenValidator Validator = new(Policy, TimeProvider.System);
    private static readonly TokenIssuer Issuer = new(Policy, TimeProvider.System);

    public static TheoryData<string, string> Libraries => new() { { "jose", "python-jose" }, { "pyjwt", "PyJWT" } };

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Decode_TokensOfTheOriginal_Match(string verb, string library)
    {
        await Python.RequireAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string encode = verb + "-encode";
        var tokens = await Python.RunAsync(
            new { @do = encode, secret = Secret, claims = new { exp = now + 1800, sub = "17", type = "access" } },
            new { @do = encode, secret = Secret, claims = new { exp = now + 604_800, sub = "17", type = "refresh" } },
            new { @do = encode, secret = Secret, claims = new { exp = now - 1, sub = "17", type = "access" } },
            new { @do = encode, secret = OtherSecret, claims = new { exp = now + 1800, sub = "17", type = "access" } },
            new { @do = encode, secret = Secret, algorithm = "HS512", claims = new { exp = now + 1800, sub = "17", type = "access" } });

        Assert.Equal(new TokenPayload("17", DateTimeOffset.FromUnixTimeSeconds(now + 1800), "access"), Validator.Decode(tokens[0].Text));
        Assert.Equal(new TokenPayload("17", DateTimeOffset.FromUnixTimeSeconds(now + 604_800), "refresh"), Validator.Decode(tokens[1].Text));
        InteropTable.Passed(library, "its access and refresh tokens decode here");

        Assert.Equal(TokenError.Expired, Problem(tokens[2]));
        Assert.Equal(TokenError.BadSignature, Problem(tokens[3]));
        Assert.Equal(TokenError.AlgorithmMismatch, Problem(tokens[4]));
        InteropTable.Passed(library, "expired, under another secret, under HS512: refused here");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task CreateToken_ReadByTheOriginal_Matches(string verb, string library)
    {
        await Python.RequireAsync();
        var access = Issuer.CreateAccessToken("17");
        var refresh = Issuer.CreateRefreshToken("17");
        var foreign = new TokenIssuer(TokenPolicy.SharedSecret(OtherSecret), TimeProvider.System).CreateAccessToken("17");
        var audience = new TokenIssuer(Policy.WithAudience("https://api.example"), TimeProvider.System).CreateAccessToken("17");
        var decode = verb + "-decode";
        var answers = await Python.RunAsync(
            new { @do = decode, secret = Secret, token = access.Value },
            new { @do = decode, secret = Secret, token = refresh.Value },
            new { @do = decode, secret = Secret, token = foreign.Value },
            new { @do = decode, secret = Secret, token = access.Value[..^4] + "AAAA" },
            new { @do = decode, secret = Secret, token = audience.Value, audience = "https://api.example" },
            new { @do = decode, secret = Secret, token = audience.Value, audience = "https://other.example" });

        Assert.Equal(("17", "access"), (answers[0].Value.GetProperty("sub").GetString(), answers[0].Value.GetProperty("type").GetString()));
        Assert.Equal(access.ExpiresAt.ToUnixTimeSeconds(), answers[0].Value.GetProperty("exp").GetInt64());
        Assert.Equal(("17", "refresh"), (answers[1].Value.GetProperty("sub").GetString(), answers[1].Value.GetProperty("type").GetString()));
        Assert.Equal(refresh.ExpiresAt.ToUnixTimeSeconds(), answers[1].Value.GetProperty("exp").GetInt64());
        Assert.Equal("https://api.example", answers[4].Value.GetProperty("aud").GetString());
        InteropTable.Passed(library, "reads our access and refresh tokens");

        Assert.All((int[])[2, 3, 5], index => Assert.NotNull(answers[index].Error));
        InteropTable.Passed(library, "refuses ours: another secret, tampered, another audience", $"{answers[2].Error}, {answers[5].Error}");
    }

    private static TokenError? Problem(PythonAnswer token)
    {
        Assert.False(Validator.TryValidate(token.Text, out _, out var error));
        Assert.Null(Validator.Decode(token.Text));
        return error;
    }
}
