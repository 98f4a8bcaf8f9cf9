using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;

namespace Countersign.Tokens.Tests;

/// <summary>No text that a type makes of itself gives away a key, a token or a claim.</summary>
public sealed class SecretHygieneTests
{
    private const string Marker = "marker-9f27c1";

    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    [InlineData("SharedSecret")]
    public void ToString_EveryPublicType_RevealsNothing(string kind)
    {
        using var forge = kind == "SharedSecret" ? Forge.OfSharedSecret() : new Forge(SignatureAlgorithm.Find(kind)!);
        var description = new TokenDescriptor
        {
            Type = TokenType.Access, Subject = Marker, IssuedAt = Forge.Start, ExpiresAt = Forge.Start.AddMinutes(1), TokenId = Marker, Roles = [Marker],
            Claims = [new("x", Marker)],
        };
        var issued = forge.TokenIssuer.CreateAccessToken(Marker);
        var token = forge.TokenIssuer.Create(description);
        var secret = forge.Key.ExportPrivateKey();
        object[] values =
        [
            forge.Key, forge.Key.VerificationKey, forge.Key.Algorithm, forge.Policy, forge.Policy.Keys, forge.Policy.Keys.Current, forge.Validator,
            forge.TokenIssuer, issued, description, forge.Accepted(token), (ClaimValue)Marker, new RevocationList(forge.Time, TimeSpan.FromHours(1)),
            TokenError.Expired, TokenType.Access, RevocationReason.LoggedOut, new VerifiedTokenCache(),
        ];

        foreach (var value in values)
        {
            // A debugger shows the same text unless an attribute says otherwise.
            var text = $"{value}";
            Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Forge.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Base64Url.EncodeToString(secret), text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(secret), text, StringComparison.OrdinalIgnoreCase);
            Assert.All(token.Split('.').Concat(issued.Value.Split('.')), segment => Assert.DoesNotContain(segment, text, StringComparison.Ordinal));
        }

        AssertAllCovered(values);
    }

    [Fact]
    public void Messages_OfRefusedArguments_DoNotEchoSecrets()
    {
        const string Short = "marker-secret-too-short";

        Assert.DoesNotContain(Short, Assert.Throws<ArgumentException>(() => TokenPolicy.SharedSecret(Short)).Message, StringComparison.Ordinal);
        Assert.False(JsonWebKeySet.TryRead("""{"keys":[{"kty":"oct","k":"marker-9f27c1"}]}"""u8, out _, out var fault));
        Assert.DoesNotContain(Marker, fault, StringComparison.Ordinal);
    }

    /// <summary>
    /// A type that is added later must be added above. TokenPayload is a record of claims by the specification, and holds neither key nor token.
    /// </summary>
    private static void AssertAllCovered(object[] values)
    {
        var untold = typeof(TokenValidator).Assembly.GetExportedTypes()
            .Where(type => !(type.IsAbstract && type.IsSealed) && type != typeof(TokenPayload))
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .Where(type => !values.Any(type.IsInstanceOfType));

        Assert.Empty(untold);
    }
}
