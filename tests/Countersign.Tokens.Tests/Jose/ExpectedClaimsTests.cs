using System.Text;
using CsCheck;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Jose;

/// <summary>
/// Claims in the order in which this package writes them are read by place. What is read so is what the reader for all of JSON reads, under every policy.
/// </summary>
public sealed class ExpectedClaimsTests
{
    private static readonly KeyRing NoKeys = new(KeySet.Empty);

    private static readonly TokenPolicy[] Policies =
    [
        TokenPolicy.Strict(NoKeys, Forge.Issuer, Forge.Audience),
        TokenPolicy.Strict(NoKeys, Forge.Issuer, Forge.Audience).WithClientId("of another name"),
        TokenPolicy.Strict(NoKeys, "a\"b", Forge.Audience),
        TokenPolicy.Strict(NoKeys, Forge.Issuer, "a\\b"),
        TokenPolicy.Strict(NoKeys, "é", Forge.Audience),
        TokenPolicy.SharedSecret(Forge.Secret),
        TokenPolicy.SharedSecret(Forge.Secret).WithIssuer(Forge.Issuer),
        TokenPolicy.SharedSecret(Forge.Secret).WithAudience(Forge.Audience),
    ];

    private static readonly ExpectedClaims[] Expected = Array.ConvertAll(Policies, static policy => new ExpectedClaims(policy));

    private static readonly string[] Values =
    [
        "\"42\"", "\"\"", "\"a\\u0062\"", "\"a", "1", "01", "-1", "1767225600", "176722560", "17672256000", "17672256x0", "1767225600.0", "253402300800",
        "1000000000000000000",
        "12345678", "1234567", "00000000", "null", "true", "[]", "[\"a\",\"b\"]", "[\"a\",1]", "{}", "", $"\"{Forge.Audience}\"", "\"refresh\"",
        "\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"" + new string('a', 256) + "\"",
    ];

    /// <summary>
    /// One of the policies, the members as it writes them, and a few changes: a member left out, doubled, moved or with another value, and a letter somewhere.
    /// </summary>
    private static readonly Gen<(ExpectedClaims Expected, string Json)> Claims = Gen.Select(
        Gen.Int[0, Policies.Length - 1],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 14], Gen.Int[0, 14], Gen.Int[0, Values.Length - 1]).Array[0, 3],
        Gen.Frequency((20, Gen.Const("")), (1, Gen.Int[0, 6].Select(static at => " \n,}{\":"[at].ToString()))),
        Gen.Int[0, 400],
        static (policy, changes, letter, at) =>
        {
            var members = Members(Policies[policy]);
            Array.ForEach(changes, change => Change(members, change));
            var json = $"{{{string.Join(',', members.Select(static member => $"\"{member.Name}\":{member.Value}"))}}}";
            return (Expected[policy], json.Insert(Math.Min(at, json.Length), letter));
        });

    [Fact]
    public void TryRead_ClaimsNearTheUsualOnes_SaysWhatTheReaderForAllJsonSays()
    {
        var (taken, left) = (0, 0);

        Claims.Sample(
            sample =>
            {
                var utf8 = Encoding.UTF8.GetBytes(sample.Json);
                if (!PlainClaimsReader.TryRead(utf8, sample.Expected, out var plain))
                {
                    Interlocked.Increment(ref left);
                    return true;
                }

                Interlocked.Increment(ref taken);
                return ClaimsReader.ReadAny(utf8, sample.Expected, out var any) is null
                    && string.Equals(PlainClaimsReaderTests.Describe(plain, utf8), PlainClaimsReaderTests.Describe(any, utf8), StringComparison.Ordinal);
            },
            iter: 200_000);

        Assert.True(taken > 20_000 && left > 20_000, $"{taken} were plain, {left} were not");
    }

    /// <summary>Each claim of the usual ones left out, and each of them twice, wherever the second one stands.</summary>
    [Fact]
    public void TryRead_AnyMemberGoneOrDoubled_SaysWhatTheReaderForAllJsonSays()
    {
        foreach (var policy in Policies)
        {
            for (var of = 0; of < Members(policy).Count; of++)
            {
                var without = Members(policy);
                without.RemoveAt(of);
                AssertSame(policy, without);
                for (var at = 0; at <= Members(policy).Count; at++)
                {
                    var twice = Members(policy);
                    twice.Insert(at, twice[of]);
                    Assert.False(PlainClaimsReader.TryRead(Utf8(twice), new ExpectedClaims(policy), out _), $"{twice[of]} is twice in the claims");
                }
            }
        }
    }

    /// <summary>The policy's text must not be taken for JSON: with a quotation mark in it, other claims would stand where its value does.</summary>
    [Theory]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("é")]
    [InlineData("\u007f")]
    [InlineData("\n")]
    public void HasUsualBeginning_TextThatNeedsEscapes_IsFalse(string text)
    {
        Assert.True(HasUsualBeginning(Policies[0]));
        foreach (var value in (string[])[$"a{text}b", $"{text}b", $"a{text}"])
        {
            Assert.False(HasUsualBeginning(TokenPolicy.Strict(NoKeys, value, Forge.Audience)));
            Assert.False(HasUsualBeginning(TokenPolicy.Strict(NoKeys, Forge.Issuer, value)));
            Assert.False(HasUsualBeginning(Policies[0].WithClientId(value)));
        }

        Assert.True(HasUsualBeginning(Policies[0].WithClientId(" ~")));
    }

    /// <summary>What is expected of a policy's tokens is what its issuer writes, or reading by place would never happen.</summary>
    [Fact]
    public void Beginning_OfPolicy_IsWhatItsIssuerWrites()
    {
        using var strict = new Forge(SignatureAlgorithm.HS256);
        using var shared = Forge.OfSharedSecret();
        foreach (var forge in (Forge[])[strict, shared])
        {
            var expected = new ExpectedClaims(forge.Policy);
            var payload = Encoding.UTF8.GetString(forge.Accepted(forge.TokenIssuer.CreateAccessToken("42").Value).PayloadUtf8.Span);

            var beginning = $"{Encoding.UTF8.GetString(expected.BeforeSubject)}\"42\"{Encoding.UTF8.GetString(expected.BeforeExpiry)}";
            Assert.StartsWith(beginning, payload, StringComparison.Ordinal);
        }
    }

    private static bool HasUsualBeginning(TokenPolicy policy) => new ExpectedClaims(policy).HasUsualBeginning;

    private static void AssertSame(TokenPolicy policy, List<(string Name, string Value)> members)
    {
        var (utf8, expected) = (Utf8(members), new ExpectedClaims(policy));
        Assert.Null(ClaimsReader.ReadAny(utf8, expected, out var any));
        if (PlainClaimsReader.TryRead(utf8, expected, out var plain))
        {
            Assert.Equal(PlainClaimsReaderTests.Describe(any, utf8), PlainClaimsReaderTests.Describe(plain, utf8));
        }
    }

    private static byte[] Utf8(List<(string Name, string Value)> members) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(static member => $"\"{member.Name}\":{member.Value}"))}}}");

    private static void Change(List<(string Name, string Value)> members, (int Kind, int From, int To, int Value) change)
    {
        var (from, to) = (change.From % members.Count, change.To % members.Count);
        var member = members[from];
        switch (change.Kind)
        {
            case 0 when members.Count > 1:
                members.RemoveAt(from);
                break;
            case 1:
                members.Insert(to, member);
                break;
            case 2:
                members.RemoveAt(from);
                members.Insert(to, member);
                break;
            default:
                members[from] = (member.Name, Values[change.Value]);
                break;
        }
    }

    private static List<(string Name, string Value)> Members(TokenPolicy policy)
    {
        List<(string Name, string? Value)> members =
        [
            ("iss", Text(policy.Issuer)), ("sub", "\"42\""), ("aud", Text(policy.Audience)),
            ("client_id", policy.IsSharedSecret ? null : Text(policy.ClientId)),
            ("exp", "1767225600"), ("iat", "1767225000"), ("jti", "\"id-1\""), ("sid", "\"01890a5d-ac96-774b-bcce-b302099a8057\""), ("type", "\"access\""),
            ("auth_time", "1767225000"), ("amr", "[\"pwd\"]"), ("roles", "[\"a\",\"b\"]"), ("epoch", "3"), ("nbf", "1767225000"), ("x", "\"y\""),
        ];
        return [.. members.Where(static member => member.Value is not null).Select(static member => (member.Name, member.Value!))];
    }

    private static string? Text(string? text) =>
        text is null ? null : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
