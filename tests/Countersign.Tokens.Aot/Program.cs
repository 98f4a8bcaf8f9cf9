using System.Text.Json;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

// Compiled ahead of time and run by a test: creates, validates and refuses tokens under each algorithm, and says so in a line each.
foreach (var algorithm in SignatureAlgorithm.All)
{
    using var key = SigningKey.Create(algorithm);
    var policy = TokenPolicy.Strict(new KeyRing(new KeySet(key, [])), "https://auth.example", "https://api.example");
    var validator = new TokenValidator(policy, TimeProvider.System, revocations: null, new VerifiedTokenCache());
    var now = TimeProvider.System.GetUtcNow();
    var token = new TokenIssuer(policy, TimeProvider.System).Create(new TokenDescriptor
    {
        Type = TokenType.Access,
        Subject = "42",
        IssuedAt = now,
        ExpiresAt = now.AddMinutes(5),
        TokenId = "id-1",
        SessionId = Guid.CreateVersion7(),
        Roles = ["user"],
        Claims = [new("plan", "free"), new("limits", JsonElement.Parse("""{"rows":[1,2.5,null]}"""))],
    });
    Require(validator.TryValidate(token, out var claims, out _) && claims.Subject == "42" && claims.Roles is ["user"], algorithm, "accepts");
    Require(
        validator.TryValidate(token, out claims, out _) && claims.TryGetElement("limits", out var limits) && limits.GetProperty("rows").GetArrayLength() == 3,
        algorithm,
        "remembers");
    Require(Problem(validator, $"{token[..^8]}AAAAAAAA") is TokenError.BadSignature or TokenError.MalformedBase64Url, algorithm, "refuses a forged signature");
    Require(
        !validator.TryValidate(token, out _, out var error, TokenType.Access, now.AddMinutes(6)) && error == TokenError.Expired,
        algorithm,
        "refuses after the expiry");
    Require(Problem(validator, token[1..]) is not null && Problem(validator, "") == TokenError.MalformedSegments, algorithm, "refuses damaged text");
    Require(HasKeysRead(key), algorithm, "reads keys that it wrote");
    Console.WriteLine($"{algorithm.Name} ok");
}

static TokenError? Problem(TokenValidator validator, string token) => validator.TryValidate(token, out _, out var error) ? null : error;

static bool HasKeysRead(SigningKey key) => key.Algorithm.IsSymmetric
    || (JsonWebKey.TryRead(JsonWebKey.Write(key.VerificationKey), out var read, out _) && read.KeyId == key.KeyId
        && SigningKey.FromPem(key.ExportPkcs8PrivateKeyPem(), key.Algorithm).KeyId == key.KeyId);

static void Require(bool holds, SignatureAlgorithm algorithm, string what)
{
    if (!holds)
    {
        throw new InvalidOperationException($"{algorithm.Name}: it is not so that the package {what}.");
    }
}
