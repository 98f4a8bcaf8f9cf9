using Countersign.Passwords;
using Countersign.Passwords.Argon2;
using Countersign.Passwords.Rules;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Packages.Tests.Readmes;

/// <summary>The code of the readmes of the packages that need no app. It runs here as it stands there.</summary>
public sealed class LibrarySnippets
{
    [Fact]
    public void Tokens_Snippet_AcceptsItsOwnToken()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);
        var policy = TokenPolicy.Strict(new KeyRing(new KeySet(key, [])), issuer: "https://auth.example", audience: "https://api.example");

        var now = TimeProvider.System.GetUtcNow();
        var token = new TokenIssuer(policy, TimeProvider.System).Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = "42",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(5),
            TokenId = Guid.CreateVersion7().ToString(),
            Roles = ["user"],
        });

        var validator = new TokenValidator(policy, TimeProvider.System);
        Console.WriteLine(validator.TryValidate(token, out var claims, out var error) ? $"Hello, {claims.Subject}" : $"Refused: {error}");

        Assert.Equal("42", claims?.Subject);
    }

    [Fact]
    public void Passwords_Snippet_VerifiesAndChecks()
    {
        var hasher = new PasswordHasher(cost: 12);
        string stored = hasher.Hash("correct horse battery");
        if (hasher.Verify("correct horse battery", stored) == PasswordVerification.SuccessRehashNeeded)
        {
            stored = hasher.Hash("correct horse battery");   // the hash is of an older format or a lower cost
        }

        Assert.Equal(PasswordVerification.Success, hasher.Verify("correct horse battery", stored));

        var rules = new PasswordRules(new PasswordRuleOptions { MinimumLength = 10 });
        foreach (var violation in rules.Check("password123", email: "ada@example.com"))
        {
            Console.WriteLine(violation.Message);
        }

        Assert.NotEmpty(rules.Check("password123", email: "ada@example.com"));
    }

    [Fact]
    public void Argon2_Snippet_ReadsAHash()
    {
        // The test vector of RFC 9106's reference implementation: 64 KiB, two passes, one lane.
        const string storedHash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        const string password = "password";
        var hasher = new PasswordHasher(new PasswordEngineOptions { AdditionalFormats = { new Argon2idFormat() } });
        bool isRight = hasher.Verify(password, storedHash) != PasswordVerification.Failed;

        Assert.True(isRight);
    }
}
