using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>What this package issues, the others accept: any text in any claim, any claims beside those that are known.</summary>
public sealed class OwnTokenTests
{
    private static readonly string[] Texts =
        ["42", "a", "é", "😀", "\"", "\\", "/", "\u0001", "\u007f", "</script>", "+", "null", "1", "ﬀ", "\u2028", new('x', 255), "https://api.example"];

    public static TheoryData<string, int> Algorithms
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var algorithm in SignatureAlgorithm.All.Where(algorithm => algorithm.Name is not ("RS384" or "RS512" or "PS384" or "PS512")))
            {
                rows.Add(algorithm.Name, algorithm.Name is "HS256" ? 5_000 : 300);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Create_RandomDescription_IsAcceptedByAll(string algorithm, int tokens)
    {
        using var world = new World(SignatureAlgorithm.Find(algorithm)!);
        var issuer = new TokenIssuer(world.Policy, world.Time);
        var random = new Random(20260101);
        for (var number = 0; number < tokens; number++)
        {
            var token = issuer.Create(Describe(random));

            Assert.Null(world.Judge(token));
            Assert.All(world.Peers, peer => Assert.True(peer.Accepts(token), $"{peer.Name} refuses {token}"));
        }
    }

    private static TokenDescriptor Describe(Random random) => new()
    {
        Type = TokenType.Access,
        Subject = Pick(random),
        IssuedAt = World.Now.AddSeconds(-random.Next(1800)),
        ExpiresAt = World.Now.AddSeconds(1 + random.Next(1800)),
        TokenId = Pick(random),
        SessionId = random.Next(2) == 0 ? Guid.CreateVersion7() : null,
        AuthenticatedAt = random.Next(2) == 0 ? World.Now : null,
        Methods = random.Next(2) == 0 ? [Pick(random)] : null,
        Roles = random.Next(2) == 0 ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => Pick(random))] : null,
        Epoch = random.Next(2) == 0 ? random.NextInt64() : null,
        Revision = random.Next(2) == 0 ? random.NextInt64() : null,
        Claims =
        [
            new($"text{Pick(random)}", Pick(random)), new("whole", random.NextInt64()), new("number", random.NextDouble()), new("flag", random.Next(2) == 0),
            new("list", ClaimValue.Array(Pick(random), 1L, true)),
        ],
    };

    private static string Pick(Random random) => Texts[random.Next(Texts.Length)];
}
