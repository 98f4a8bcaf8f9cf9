using Countersign.Benchmarks.Measurement;
using Countersign.Benchmarks.Tokens.Peers;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Benchmarks.Tokens;

/// <summary>
/// Making and checking one session's access token, against the base library's primitive alone and against other libraries. Contestants without a memory of
/// verified tokens make the same call in the warm rows as in the cold ones.
/// </summary>
internal static class TokenSuite
{
    private const int Threads = 8;
    private const int ManyTokens = VerifiedTokenCache.DefaultMaxEntries;

    private static readonly string[] Peers = [RawPrimitives.OneShot, RawPrimitives.Reused, "identitymodel", "jose-jwt", "jwt-net"];

    public static async Task<IReadOnlyList<Row>> RunAsync(RunSettings settings)
    {
        var timing = settings.IsQuick ? new Timing(Rounds: 15, TimeSpan.FromMilliseconds(4)) : new Timing(Rounds: 101, TimeSpan.FromMilliseconds(8));
        List<Row> rows = [];
        foreach (var algorithm in new[] { SignatureAlgorithm.HS256, SignatureAlgorithm.ES256, SignatureAlgorithm.RS256, SignatureAlgorithm.PS256 })
        {
            using var sample = SampleToken.Create(algorithm);
            string name = algorithm.Name.ToLowerInvariant();
            if (algorithm != SignatureAlgorithm.PS256)
            {
                rows.Add(await CompareAsync($"create-{name}", Contestants(sample, verified: null), peer => () => Require(peer.Create() > 0), timing));
            }

            rows.Add(await ValidateAsync($"validate-cold-{name}", sample, verified: null, timing));
            rows.Add(await ValidateAsync($"validate-warm-{name}", sample, new VerifiedTokenCache(), timing));
            if (algorithm == SignatureAlgorithm.ES256)
            {
                rows.Add(await ValidateManyAsync($"validate-warm-{name}-{ManyTokens}-tokens", sample, timing));
                rows.Add(await ValidateOnThreadsAsync($"validate-warm-{name}-{Threads}-threads", sample, timing));
            }
        }

        return [.. rows.OrderBy(row => row.Name.Split('-') is ["create", ..] ? 0 : row.Name.Contains("-cold-", StringComparison.Ordinal) ? 1 : 2)];
    }

    private static List<TokenPeer> Contestants(SampleToken sample, VerifiedTokenCache? verified)
    {
        List<TokenPeer> peers =
        [
            CountersignTokens.Create(sample, verified), .. RawPrimitives.Create(sample), IdentityModelTokens.Create(sample), JoseJwtTokens.Create(sample),
        ];
        if (JwtNetTokens.Create(sample) is { } jwtNet)
        {
            peers.Add(jwtNet);
        }

        FaultyTokens.ThrowIfAccepted(sample, peers);
        return peers;
    }

    private static Task<Row> ValidateAsync(string name, SampleToken sample, VerifiedTokenCache? verified, Timing timing) =>
        CompareAsync(name, Contestants(sample, verified), peer => () => Require(peer.Validate(sample.Compact)), timing);

    /// <summary>As many tokens as the cache holds, one after the other. All are added before the time is measured.</summary>
    private static async Task<Row> ValidateManyAsync(string name, SampleToken sample, Timing timing)
    {
        string[] tokens = sample.CreateMany(ManyTokens);
        var contestants = Contestants(sample, new VerifiedTokenCache());
        foreach (string token in tokens)
        {
            Require(contestants[0].Validate(token));
        }

        return await CompareAsync(name, contestants, MakeWalk, timing);

        Action MakeWalk(TokenPeer peer)
        {
            int next = 0;
            return () =>
            {
                Require(peer.Validate(tokens[next]));
                next = next + 1 == tokens.Length ? 0 : next + 1;
            };
        }
    }

    private static async Task<Row> ValidateOnThreadsAsync(string name, SampleToken sample, Timing timing)
    {
        var contest = new Contest();
        foreach (var peer in Contestants(sample, new VerifiedTokenCache()))
        {
            // One thread at a time may use a raw instance, so that row has the time of one thread.
            bool isRaw = peer.Name.StartsWith("raw", StringComparison.Ordinal);
            var turn = new Turn(() => Require(peer.Validate(sample.Compact)), timing.Length);
            var many = new ParallelTurn(() => Require(peer.Validate(sample.Compact)), Threads, timing.Length);
            contest.Add(peer.Name, isRaw ? turn.TakeAsync : many.TakeAsync);
        }

        await contest.RunAsync(timing.Rounds);
        return MakeRow(contest, name);
    }

    private static async Task<Row> CompareAsync(string name, List<TokenPeer> contestants, Func<TokenPeer, Action> operation, Timing timing)
    {
        var contest = new Contest();
        foreach (var contestant in contestants)
        {
            contest.Add(contestant.Name, new Turn(operation(contestant), timing.Length).TakeAsync);
        }

        await contest.RunAsync(timing.Rounds);
        return MakeRow(contest, name);
    }

    /// <summary>The faster of the raw ones is the best that the base library can do.</summary>
    private static Row MakeRow(Contest contest, string name)
    {
        var row = contest.Longer(name, "countersign", Peers);
        Dictionary<string, double> versus = new(row.Versus, StringComparer.Ordinal);
        double raw = versus.Where(peer => peer.Key.StartsWith("raw", StringComparison.Ordinal)).Max(peer => peer.Value);
        versus.Remove(RawPrimitives.OneShot);
        versus.Remove(RawPrimitives.Reused);
        return row with
        {
            Versus = new Dictionary<string, double>(StringComparer.Ordinal) { ["raw"] = raw }.Concat(versus).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static void Require(bool isGood)
    {
        if (!isGood)
        {
            throw new InvalidOperationException("A contestant refused the token.");
        }
    }

    private sealed record Timing(int Rounds, TimeSpan Length);
}
