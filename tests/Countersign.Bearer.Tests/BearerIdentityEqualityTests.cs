using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Bearer.Tests;

/// <summary>
/// An identity whose claims are made when somebody asks is, whatever is asked of it first, the same as one whose claims were made at once: for tokens of many
/// shapes, each question or change is put to a new identity, and to one that has made its claims.
/// </summary>
public sealed class BearerIdentityEqualityTests
{
    private const string Scheme = "A scheme";

    private static readonly string Secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private static readonly TokenValidator Validator = new(TokenPolicy.SharedSecret(Secret).WithAudience("https://api.example"), Time);

    private static readonly string[] Types =
    [
        "sub", "SUB", ClaimTypes.NameIdentifier, "roles", "Roles", "amr", "aud", "iss", "exp", "sid", "type", "own", "OWN", "list", "näme", "",
        "nothing", "unmade",
    ];

    private static readonly string[] Values = ["7", "admin", "Admin", "editor", "access", "true", "", "1.50", "x", "{}", "nothing"];

    /// <summary>What can be asked of an identity, and what can be done to it. Each answers with all that it found.</summary>
    private static readonly Dictionary<string, Func<ClaimsIdentity, string>> Questions = new(StringComparer.Ordinal)
    {
        ["Claims"] = Describe,
        ["Claims counted"] = static identity => $"{identity.Claims.Count()}",
        ["What it is"] = static identity =>
            $"{identity.AuthenticationType}, {identity.IsAuthenticated}, {identity.NameClaimType}, {identity.RoleClaimType}, {identity.Label}",
        ["Actor and context"] = static identity => $"{identity.Actor}, {identity.BootstrapContext}",
        ["Name"] = static identity => $"{identity.Name}, {identity.Name}",
        ["FindFirst of a type"] = static identity => string.Join('\n', Types.Select(type => Describe(identity.FindFirst(type), identity))),
        ["FindFirst that matches"] = static identity =>
            string.Join('\n', Values.Select(value => Describe(identity.FindFirst(claim => claim.Value == value), identity))),
        ["FindAll of a type"] = static identity => string.Join('\n', Types.Select(type => Describe(identity.FindAll(type), identity))),
        ["FindAll that match"] = static identity => Describe(identity.FindAll(static claim => claim.ValueType != ClaimValueTypes.String), identity),
        ["FindAll, twice in turn"] = static identity => Describe(identity.FindAll("roles").Zip(identity.FindAll("amr"), static (left, _) => left), identity),
        ["HasClaim"] = static identity => string.Concat(Types.SelectMany(static _ => Values, (type, value) => identity.HasClaim(type, value) ? '1' : '0')),
        ["HasClaim, the role alone"] = static identity =>
            $"{identity.HasClaim("roles", "admin")}{identity.HasClaim("roles", "Admin")}{identity.HasClaim("ROLES", "admin")}",
        ["HasClaim that matches"] = static identity => $"{identity.HasClaim(static claim => claim.Value == "admin")}{identity.HasClaim(static _ => false)}",
        ["The same claim each time"] = static identity => $"{ReferenceEquals(identity.FindFirst("sub"), identity.Claims.First())}",
        ["Clone"] = static identity => DescribeCopy(identity, identity.Clone()),
        ["Copy"] = static identity => DescribeCopy(identity, new ClaimsIdentity(identity)),
        ["Copy with more"] = static identity => DescribeCopy(identity, new ClaimsIdentity(identity, [new Claim("more", "1")], "Other", "name", "role")),
        ["Copy with the type"] = static identity =>
            DescribeCopy(identity, new ClaimsIdentity(identity, [new Claim("more", "1")], identity.AuthenticationType, "name", "role")),
        ["Copy of a derived class"] = static identity => DescribeCopy(identity, new DerivedIdentity(identity)),
        ["Copy of the claims"] = static identity => DescribeCopy(identity, new ClaimsIdentity(identity.Claims, "Other")),
        ["AddClaim"] = static identity => Change(identity, static it => it.AddClaim(new Claim("roles", "more"))),
        ["AddClaim of its own"] = static identity => Change(identity, static it => it.AddClaim(it.FindFirst("sub")!)),
        ["AddClaims"] = static identity => Change(identity, static it => it.AddClaims([new Claim("roles", "more"), null, new Claim("x", "y")])),
        ["RemoveClaim"] = static identity => Change(identity, static it => it.RemoveClaim(it.FindFirst("sub"))),
        ["RemoveClaim of another"] = static identity => Throws(() => identity.RemoveClaim(new Claim("sub", "7"))) + Describe(identity),
        ["TryRemoveClaim"] = static identity =>
            $"{identity.TryRemoveClaim(null)}{identity.TryRemoveClaim(new Claim("sub", "7"))}{identity.TryRemoveClaim(identity.FindFirst("type"))}"
            + Describe(identity),
        ["Removed from the copy"] = static identity => Change(identity, static it => it.Clone().TryRemoveClaim(it.FindFirst("sub"))),
        ["Nothing asked for"] = static identity =>
            Throws(() => identity.FindFirst((string)null!)) + Throws(() => identity.FindFirst((Predicate<Claim>)null!))
            + Throws(() => identity.FindAll((string)null!).Any()) + Throws(() => identity.FindAll((Predicate<Claim>)null!).Any())
            + Throws(() => identity.HasClaim(null!)) + Throws(() => identity.HasClaim(null!, "x")) + Throws(() => identity.HasClaim("roles", null!))
            + Throws(() => identity.AddClaim(null!)) + Throws(() => identity.AddClaims(null!)) + Throws(() => identity.WriteTo(null!)),
        ["WriteTo"] = static identity => Write(identity.WriteTo),
        ["WriteTo with an actor"] = static identity => Write(writer =>
        {
            (identity.Actor, identity.Label, identity.BootstrapContext) = (new ClaimsIdentity("actor"), "label", "context");
            identity.WriteTo(writer);
        }),
        ["Principal: IsInRole"] = static identity => string.Concat(Values.Select(value => new ClaimsPrincipal(identity).IsInRole(value))),
        ["Principal: FindFirst"] = static identity =>
            string.Join('\n', Types.Select(type => Describe(new ClaimsPrincipal(identity).FindFirst(type), identity))),
        ["Principal: FindAll"] = static identity => string.Join('\n', Types.Select(type => Describe(new ClaimsPrincipal(identity).FindAll(type), identity))),
        ["Principal: HasClaim"] = static identity => string.Concat(Values.Select(value => new ClaimsPrincipal(identity).HasClaim("roles", value))),
        ["Principal: Claims"] = static identity => Describe(new ClaimsPrincipal(identity).Claims, identity),
        ["Principal: Identity"] = static identity =>
            $"{new ClaimsPrincipal(identity).Identity!.Name}, {new ClaimsPrincipal(identity).Identities.Any(static one => one.IsAuthenticated)}",
        ["Principal: Clone"] = static identity => Describe(new ClaimsPrincipal(identity).Clone().Claims, identity),
        ["Principal: of a principal"] = static identity => Describe(new ClaimsPrincipal(new ClaimsPrincipal(identity)).Claims, identity),
        ["Principal: WriteTo"] = static identity => Write(new ClaimsPrincipal(identity).WriteTo),
    };

    /// <summary>Claims of the token, beside the expiry.</summary>
    public static TheoryData<string> Shapes =>
    [
        "\"sub\":\"7\",\"type\":\"access\"",
        "\"type\":\"access\",\"sub\":\"7\"",
        "\"iss\":\"https://auth.example\",\"sub\":\"7\",\"type\":\"access\"",
        "\"iss\":\"\",\"sub\":\"7\",\"type\":\"access\"",
        "\"sub\":\"7\",\"aud\":\"https://api.example\",\"iat\":1777896000,\"jti\":\"a\",\"sid\":\"01890A5D-ac96-774b-bcce-b302099a8057\","
            + "\"type\":\"access\",\"auth_time\":1777896000,\"amr\":[\"pwd\",\"otp\"],\"roles\":[\"admin\",\"editor\"],\"epoch\":3",
        "\"roles\":[],\"amr\":[],\"sub\":\"7\",\"type\":\"access\"",
        "\"roles\":[\"admin\",\"admin\",\"\"],\"sub\":\"7\",\"type\":\"access\",\"Roles\":\"Admin\"",
        "\"aud\":[\"x\",\"https://api.example\"],\"sub\":\"7\",\"type\":\"access\"",
        "\"sub\":\"7\",\"type\":\"access\",\"own\":true,\"OWN\":false,\"list\":[true,null,1,1.50,\"x\",{},[],[[1],{\"a\":[ 1 , 2 ]}]],\"none\":null",
        "\"sub\":\"7\",\"type\":\"access\",\"own\":{ \"a\" : [1, \"é\"] , \"b\":\"\\u0041\"},\"list\":[]",
        "\"sub\":\"7\",\"type\":\"access\",\"own\":-0,\"list\":[9223372036854775807,9223372036854775808,1e3,-1,1E-400,0.1]",
        "\"sub\":\"\\u0037\",\"t\\u0079pe\":\"a\\u0063cess\",\"\\u0072oles\":[\"\\u0061dmin\"],\"own\":\"\\\"\\\\\\n\\ud83d\\ude00\",\"n\\u00e4me\":\"é\"",
        "\"s\\u0075b\":\"7\",\"type\":\"access\",\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier\":\"1\",\"SUB\":\"8\"",
        "\"sub\":\"é\",\"type\":\"access\",\"\":\"x\",\"unmade\":\"\",\"own\":\"\"",
        " \"sub\" : \"7\" , \"type\" : \"access\" , \"list\" : [ 1 , [ 2 ] , { } , \"x\" ] ",
        "\"nbf\":1777896000.5,\"iat\":1777896000.0,\"auth_time\":1.5e9,\"sub\":\"7\",\"type\":\"access\"",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnyQuestion_OfAnyToken_IsAnsweredAsByTheEagerIdentity(string members)
    {
        var token = Accept(members);
        foreach (var (name, ask) in Questions)
        {
            var expected = Answer(ask, EagerIdentity.Create(token, Scheme));

            Assert.Equal((name, expected), (name, Answer(ask, new BearerIdentity(token, Scheme))));
            Assert.Equal((name, expected), (name, Answer(ask, Made(token))));
        }
    }

    /// <summary>Two changes in a row, in every order: what one leaves behind is what the other finds.</summary>
    [Fact]
    public void AnyTwoQuestions_InAnyOrder_AreAnsweredAsByTheEagerIdentity()
    {
        var token = Accept("\"sub\":\"7\",\"aud\":\"https://api.example\",\"type\":\"access\",\"roles\":[\"admin\",\"editor\"],\"own\":[1,{}]");
        foreach (var (first, askFirst) in Questions)
        {
            foreach (var (second, askSecond) in Questions)
            {
                var (eager, lazy) = (EagerIdentity.Create(token, Scheme), new BearerIdentity(token, Scheme));

                Assert.Equal(
                    (first, second, Answer(askFirst, eager), Answer(askSecond, eager)), (first, second, Answer(askFirst, lazy), Answer(askSecond, lazy)));
            }
        }
    }

    [Fact]
    public void AddClaim_OnOneRequestsIdentity_IsNotOnTheNext()
    {
        var token = Accept("\"sub\":\"7\",\"type\":\"access\"");
        var first = new BearerIdentity(token, Scheme);

        first.AddClaim(new Claim("roles", "admin"));
        first.RemoveClaim(first.FindFirst("type"));

        Assert.Equal(Describe(EagerIdentity.Create(token, Scheme)), Describe(new BearerIdentity(token, Scheme)));
        Assert.False(new ClaimsPrincipal(new BearerIdentity(token, Scheme)).IsInRole("admin"));
    }

    [Fact]
    public async Task Claims_AskedForByManyThreadsAtOnce_AreMadeOnce()
    {
        var token = Accept("\"sub\":\"7\",\"type\":\"access\",\"roles\":[\"admin\",\"editor\"]");
        var expected = Describe(EagerIdentity.Create(token, Scheme));
        for (var round = 0; round < 200; round++)
        {
            var identity = new BearerIdentity(token, Scheme);
            using var start = new Barrier(4);
            var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                return (Described: Describe(identity), First: identity.FindFirst("sub"));
            })));

            Assert.All(found, one => Assert.Equal(expected, one.Described));
            Assert.Single(found.Select(static one => one.First).Distinct());
        }
    }

    /// <summary>What authorization asks of every request makes no claim: it takes less memory than a single list of them would.</summary>
    [Fact]
    public void New_AskedForNoClaim_MakesNone()
    {
        var token = Accept("\"sub\":\"7\",\"type\":\"access\",\"roles\":[\"admin\",\"editor\"],\"own\":[1,2,3,4,5,6,7,8]");
        Assert.True(Authorise());
        var lazy = AllocatedMemory.Of(() => Authorise());
        var made = AllocatedMemory.Of(() => _ = Made(token));

        Assert.True(lazy * 3 < made, $"{lazy} bytes without claims, {made} with them");

        bool Authorise()
        {
            var principal = new ClaimsPrincipal(new BearerIdentity(token, Scheme));
            return principal.Identity!.IsAuthenticated
                && principal.Identities.Any(static identity => identity.IsAuthenticated)
                && principal.Identity.Name == "7"
                && principal.IsInRole("admin");
        }
    }

    private static BearerIdentity Made(TokenClaims token)
    {
        var identity = new BearerIdentity(token, Scheme);
        Assert.NotEmpty(identity.Claims);
        return identity;
    }

    private static TokenClaims Accept(string members)
    {
        var payload = $"{{{members},\"exp\":{Time.GetUtcNow().ToUnixTimeSeconds() + 300}}}";
        var input = $"{Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        var token = $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(input)))}";
        Assert.True(Validator.TryValidate(token, out var claims, out var error), $"{payload}: {error}");
        return claims;
    }

    /// <summary>Also of a question that can't be asked after another, such as to remove what is gone.</summary>
    private static string Answer(Func<ClaimsIdentity, string> ask, ClaimsIdentity identity)
    {
        var answer = "";
        return Throws(() => answer = ask(identity)) + answer;
    }

    private static string Change(ClaimsIdentity identity, Action<ClaimsIdentity> change)
    {
        change(identity);
        return $"{identity.Name}, {identity.HasClaim("roles", "more")}, {Describe(identity)}";
    }

    private static string DescribeCopy(ClaimsIdentity original, ClaimsIdentity copy)
    {
        copy.AddClaim(new Claim("roles", "of the copy"));
        return $"{copy.GetType().Name}, {copy.AuthenticationType}, {copy.NameClaimType}, {copy.RoleClaimType}, {copy.Name}\n"
            + $"{Describe(copy)}\n{Describe(original)}";
    }

    private static string Describe(ClaimsIdentity identity) => Describe(identity.Claims, identity);

    private static string Describe(IEnumerable<Claim> claims, ClaimsIdentity identity) => string.Join('\n', claims.Select(claim => Describe(claim, identity)));

    private static string Describe(Claim? claim, ClaimsIdentity identity) => claim is null
        ? "none"
        : string.Join(
            '|',
            claim.GetType().Name,
            claim.Type,
            claim.Value,
            claim.ValueType,
            claim.Issuer,
            claim.OriginalIssuer,
            claim.Properties.Count,
            ReferenceEquals(claim.Subject, identity));

    private static string Throws(Action action) =>
        Record.Exception(action) is { } exception ? $"{exception.GetType().Name}: {exception.Message}\n" : "nothing\n";

    private static string Write(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        return Convert.ToHexString(stream.ToArray());
    }

    /// <summary>As an app may have one, or a library: <c>CaseSensitiveClaimsIdentity</c> is made so.</summary>
    private sealed class DerivedIdentity(ClaimsIdentity other) : ClaimsIdentity(other);
}
