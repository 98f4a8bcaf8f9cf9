using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;

namespace Countersign.Tokens.Tests.Verified;

/// <summary>A validator with a cache decides as one without, whatever has happened since the token was verified.</summary>
public sealed class RememberedTokenTests
{
    [Theory]
    [MemberData(nameof(TestKeys.Families), MemberType = typeof(TestKeys))]
    public void TryValidate_SecondTime_GivesTheSameClaimsAndTakesNoMemory(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var revocations = new RevocationList(forge.Time, TimeSpan.FromHours(2));
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations, cache);
        // Another audience, for which the claim is read again.
        var elsewhere = new TokenValidator(forge.Policy.WithAudience("https://other.example"), forge.Time, revocations, cache);
        var text = forge.Token(
            claims: Forge.Claims(("aud", $"[\"{Forge.Audience}\",\"https://other.example\"]"), ("sid", "\"01890a5d-ac96-774b-bcce-b302099a8057\"")));
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.True(validator.TryValidate(text, out var first, out _));
        Assert.Equal(1, cache.Count);
        Assert.True(validator.TryValidate(bytes, out var second, out _) && elsewhere.TryValidate(text, out _, out _));
        Assert.Same(first, second);

        var refused = 0;
        var allocated = AllocatedMemory.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                refused += validator.TryValidate(text, out _, out _) ? 0 : 1;
                refused += validator.TryValidate(bytes, out _, out _) ? 0 : 1;
                refused += elsewhere.TryValidate(text, out _, out _) ? 0 : 1;
            }
        });

        Assert.Equal((0, 0L), (refused, allocated));
    }

    /// <summary>The first check keeps the claims and nothing else; a token costs its own text.</summary>
    [Fact]
    public void TryValidate_FirstTime_TakesLittleMemory()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var (validator, issuer) = (forge.Validator, forge.TokenIssuer);
        var token = issuer.CreateAccessToken("01890a5d-ac96-774b-bcce-b302099a8057").Value;
        var description = new TokenDescriptor
        {
            Type = TokenType.Access, Subject = "42", IssuedAt = Forge.Start, ExpiresAt = Forge.Start.AddMinutes(5), TokenId = "id",
        };
        var length = issuer.Create(description).Length;

        var validated = AllocatedMemory.Of(() => Assert.True(validator.TryValidate(token, out _, out _)));
        var created = AllocatedMemory.Of(() => issuer.Create(description));

        Assert.InRange(validated, 1, 1024);
        // Code that the runtime has not optimised yet takes some boxes more.
        Assert.InRange(created, 1, (length * sizeof(char)) + 256);
    }

    [Theory]
    [MemberData(nameof(TestKeys.Families), MemberType = typeof(TestKeys))]
    public void C26_TryValidate_BitFlippedBesideRememberedToken_IsRefusedAsWithoutCache(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var cache = new VerifiedTokenCache();
        var warm = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);
        var cold = forge.Validator;
        var token = Encoding.ASCII.GetBytes(forge.Token());
        Assert.True(warm.TryValidate(token, out _, out _));

        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            token[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(warm.TryValidate(token, out var claims, out var error));
            Assert.Null(claims);
            Assert.False(cold.TryValidate(token, out _, out var expected));
            Assert.Equal(expected, error);
            token[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(1, cache.Count);
    }

    [Theory]
    [MemberData(nameof(TestKeys.Families), MemberType = typeof(TestKeys))]
    public void TryValidate_EveryHostileToken_IsNeverRemembered(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);

        foreach (var row in HostileTokens.For(forge))
        {
            Assert.False(validator.TryValidate(row.Token, out _, out var error), row.ToString());
            Assert.Equal(row.Error, error);
        }

        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    /// <summary>
    /// Every token under every policy at every instant, in one cache for all of them, is decided as without: cold, and warm in another order.
    /// </summary>
    [Fact]
    public void TryValidate_PoliciesThatShareACache_EachDecidesByItself()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        using var shared = Forge.OfSharedSecret();
        var revocations = new RevocationList(forge.Time, TimeSpan.FromHours(2));
        revocations.Add(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), RevocationReason.LoggedOut);
        TokenPolicy[] policies =
        [
            forge.Policy, forge.Policy.WithAudience("https://other.example"), forge.Policy.WithIssuer("https://other.example"),
            forge.Policy.WithClockSkew(TimeSpan.Zero),
            forge.Policy.WithLifetimes(accessToken: TimeSpan.FromMinutes(5), maxAccess: TimeSpan.FromMinutes(10)), forge.Policy.WithMaxTokenBytes(1024),
            forge.Policy.WithKeys(shared.Policy.Keys), shared.Policy, shared.Policy.WithAudience(Forge.Audience), shared.Policy.WithIssuer(Forge.Issuer),
            shared.Policy.WithKeys(forge.Policy.Keys),
        ];
        var tokens = Tokens(forge).Concat(Tokens(shared)).Append(shared.Token(claims: Forge.SpecificationClaims())).ToList();
        var instants = new[] { -61, -60, 0, 1799, 1800, 1740, -30 }.Select(seconds => Forge.Start.AddSeconds(seconds)).ToList();
        var cache = new VerifiedTokenCache();
        var accepted = 0;
        foreach (var round in Enumerable.Range(0, 3))
        {
            foreach (var policy in round == 1 ? policies.Reverse() : policies)
            {
                var (cold, warm) = (new TokenValidator(policy, forge.Time, revocations), new TokenValidator(policy, forge.Time, revocations, cache));
                foreach (var (token, now, type) in from token in tokens from now in instants from type in Enum.GetValues<TokenType>() select (token, now, type))
                {
                    Assert.Equal(
                        cold.TryValidate(token, out var expected, out var expectedError, type, now),
                        warm.TryValidate(token, out var claims, out var error, type, now));
                    Assert.Equal(expectedError, error);
                    Assert.Equal(expected?.PayloadUtf8.ToArray(), claims?.PayloadUtf8.ToArray());
                    accepted += claims is null ? 0 : 1;
                }
            }
        }

        Assert.InRange(accepted, 200, int.MaxValue);
        Assert.InRange(cache.Count, 5, tokens.Count);
    }

    [Fact]
    public void J37_TryValidate_ClockOverTheExpiryAndBack_FollowsTheClock()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, new VerifiedTokenCache());
        var token = forge.Token();
        foreach (var (seconds, expected) in new (double, TokenError?)[]
        {
            (0, null), (1799, null), (1799.999, null), (1800, TokenError.Expired), (1799, null), (1801, TokenError.Expired), (0, null), (-60, null),
            (-61, TokenError.IssuedInFuture), (100_000_000, TokenError.Expired), (10, null),
        })
        {
            Assert.Equal(expected is null, validator.TryValidate(token, out _, out var error, TokenType.Access, Forge.Start.AddSeconds(seconds)));
            Assert.Equal(expected, error);
        }
    }

    [Fact]
    public void TryValidate_KeyRemovedAndPutBack_FollowsTheRing()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        using var next = TestKeys.Make("ES256");
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, new VerifiedTokenCache());
        var token = forge.Token();
        Assert.True(validator.TryValidate(token, out _, out _));
        foreach (var (keys, expected) in new (KeySet, TokenError?)[]
        {
            (new KeySet(next, []), TokenError.UnknownKey), (new KeySet(next, [forge.Key.VerificationKey]), null), (KeySet.Empty, TokenError.NoKeys),
            (new KeySet(forge.Key, []), null),
        })
        {
            forge.Policy.Keys.Replace(keys);
            Assert.Equal(expected is null, validator.TryValidate(token, out _, out var error));
            Assert.Equal(expected, error);
        }
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void TryValidate_SameKeyIdWithOtherMaterial_VerifiesAnew(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);
        var token = forge.Token();
        Assert.True(validator.TryValidate(token, out var first, out _));
        using var made = TestKeys.Make(algorithm, which: 1);
        SigningKey Named(SigningKey key) => key.Algorithm.IsSymmetric
            ? SigningKey.FromSecret(key.ExportPrivateKey(), key.Algorithm, forge.Key.KeyId)
            : SigningKey.FromPkcs8(key.ExportPrivateKey(), key.Algorithm, forge.Key.KeyId);
        using var other = Named(made);
        using var same = Named(forge.Key);

        forge.Policy.Keys.Replace(new KeySet(other, []));
        Assert.False(validator.TryValidate(token, out _, out var error));
        Assert.Equal(TokenError.BadSignature, error);
        forge.Policy.Keys.Replace(new KeySet(same, []));
        Assert.True(validator.TryValidate(token, out var again, out _));

        Assert.Same(forge.Key.VerificationKey, first.Key);
        Assert.Same(same.VerificationKey, again.Key);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void TryValidate_Revocations_AreAskedEachTime()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var revocations = new RevocationList(forge.Time, TimeSpan.FromHours(2));
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations, new VerifiedTokenCache());
        var session = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
        string Token(string sid) => forge.Token(claims: Forge.Claims(("sid", $"\"{sid}\""), ("epoch", "3")));
        var (one, two) = (Token(session.ToString("D")), Token("01890a5d-ac96-774b-bcce-b302099a8058"));
        TokenError? Error(string token)
        {
            validator.TryValidate(token, out _, out var error);
            return error;
        }

        Assert.Equal([null, null], new[] { Error(one), Error(two) });
        revocations.Add(session, RevocationReason.AccountInactive);
        Assert.Equal([TokenError.AccountInactive, null], new[] { Error(one), Error(two) });
        revocations.RaiseEpoch(4);
        Assert.Equal([TokenError.AccountInactive, TokenError.EpochRevoked], new[] { Error(one), Error(two) });
    }

    /// <summary>The worst moment: the key goes after it has verified the token and before the token is remembered.</summary>
    [Fact]
    public void TryValidate_KeyRemovedBetweenVerificationAndInsertion_IsRefusedFromThenOn()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, new VerifiedTokenCache());
        var token = Encoding.ASCII.GetBytes(forge.Token());
        var ring = forge.Policy.Keys;
        for (var round = 0; round < 100_000; round++)
        {
            ring.Replace(new KeySet(signing: null, [new VanishingKey(forge.Key.VerificationKey, ring)]));

            // It verified under a key that was there when it began.
            Assert.True(validator.TryValidate(token, out _, out _));
            Assert.False(validator.TryValidate(token, out _, out var error));
            Assert.Equal(TokenError.NoKeys, error);
        }
    }

    [Fact]
    public void TryValidate_KeysComeAndGoWhileOthersValidate_NeverAcceptedAfterRemoval()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);
        var token = Encoding.ASCII.GetBytes(forge.Token());
        var secret = forge.Key.ExportPrivateKey();
        var ring = forge.Policy.Keys;
        var stop = false;
        var accepted = 0;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                accepted += validator.TryValidate(token, out _, out _) ? 1 : 0;
            }
        });
        other.Start();
        var wrong = 0;
        for (var round = 0; round < 100_000; round++)
        {
            using var key = SigningKey.FromSecret(secret, SignatureAlgorithm.HS256, forge.Key.KeyId);
            ring.Replace(new KeySet(key, []));
            wrong += validator.TryValidate(token, out _, out _) ? 0 : 1;
            ring.Replace(KeySet.Empty);
            wrong += validator.TryValidate(token, out _, out _) ? 1 : 0;
        }

        ring.Replace(new KeySet(forge.Key, []));
        var took = SpinWait.SpinUntil(() => Volatile.Read(ref accepted) > 0, Patience.Limit);
        Volatile.Write(ref stop, true);
        other.Join();
        Assert.Equal(0, wrong);
        Assert.InRange(cache.Count, 0, 1);
        Assert.True(took, "The other thread never had a token accepted.");
    }

    [Fact]
    public void J53_TryValidate_ThousandRandomKeyIds_LeaveNoTrace()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var cache = new VerifiedTokenCache();
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, cache);
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(validator.TryValidate(forge.Token(forge.Header(("kid", $"\"{RandomNumberGenerator.GetHexString(32)}\""))), out _, out var error));
            Assert.Equal(TokenError.UnknownKey, error);
        }

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void TryValidate_RememberedClaims_CannotBeChanged()
    {
        using var forge = new Forge(SignatureAlgorithm.ES256);
        var validator = new TokenValidator(forge.Policy, forge.Time, revocations: null, new VerifiedTokenCache());
        var token = forge.Token(claims: Forge.Claims(("roles", "[\"user\"]"), ("amr", "[\"pwd\"]")));
        Assert.True(validator.TryValidate(token, out var claims, out _));

        Assert.Throws<NotSupportedException>(() => ((IList<string>)claims.Roles)[0] = "admin");
        Assert.Throws<NotSupportedException>(() => ((IList<string>)claims.Methods).Add("mfa"));
        Assert.True(validator.TryValidate(token, out var again, out _));
        Assert.Equal(["user"], again.Roles);
    }

    private static IEnumerable<string> Tokens(Forge forge)
    {
        (string Name, string? Json)[][] changes =
        [
            [], [("aud", "\"https://other.example\"")], [("aud", $"[\"https://other.example\",\"{Forge.Audience}\"]")], [("aud", null)],
            [("iss", "\"https://other.example\"")],
            [("iss", null)], [("jti", null)], [("client_id", null)], [("iat", null)], [("nbf", $"{Forge.Seconds(TimeSpan.FromSeconds(20))}")],
            [("iat", $"{Forge.Seconds(TimeSpan.FromSeconds(-1800))}")], [("pad", $"\"{new string('x', 900)}\"")],
            [("sid", "\"01890a5d-ac96-774b-bcce-b302099a8058\"")],
        ];
        foreach (var change in changes)
        {
            yield return forge.Token(claims: Forge.Claims(change));
        }

        (string Name, string? Json)[] refresh = [("type", "\"refresh\""), ("aud", null), ("jti", null)];
        yield return forge.Token(forge.Header(("typ", "\"rt+jwt\"")), Forge.Claims(refresh));
        yield return forge.Token(forge.Header(("typ", "\"at+jwt\"")), Forge.Claims());
    }

    /// <summary>A key that is taken from its ring the moment it has verified.</summary>
    private sealed class VanishingKey(VerificationKey key, KeyRing ring) : VerificationKey(key.Algorithm, key.KeyId, key.SignatureBytes)
    {
        public override byte[] ExportSubjectPublicKeyInfo() => key.ExportSubjectPublicKeyInfo();

        private protected override bool VerifyExact(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
        {
            var verified = key.Verify(signingInput, signature);
            ring.Replace(KeySet.Empty);
            return verified;
        }
    }
}
