using System.Globalization;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>
/// The same tokens before this package and two others. What we accept both must accept. What one of them accepts and we refuse must be refused for a reason
/// that docs/strictness.md lists. COUNTERSIGN_FUZZ_TOKENS sets how many tokens an algorithm gets, COUNTERSIGN_FUZZ_SEED where the generator starts.
/// </summary>
public sealed class DifferentialTests
{
    /// <summary>A fixed one, so that an ordinary run always judges the same tokens; hours of it want others.</summary>
    private const int DefaultSeed = 20260101;

    /// <summary>
    /// How many tokens with each algorithm in <c>./test --all</c>; a quarter in <c>./test</c>; those of slower algorithms are fewer, since nothing they could
    /// find depends on the algorithm.
    /// </summary>
    public static TheoryData<string, int> Algorithms => new()
    {
        { "HS256", 40_000 }, { "ES256", 8_000 }, { "RS256", 4_000 }, { "PS256", 2_000 }, { "HS512", 2_000 }, { "ES384", 500 }, { "ES512", 500 },
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void ChangedTokens_WeAcceptNothingThatOthersRefuse_AndRefuseMoreOnlyWhereItIsWritten(string algorithm, int tokens)
    {
        var count = Setting("COUNTERSIGN_FUZZ_TOKENS") ?? Suite.Count(usual: tokens / 4, all: tokens);
        var seed = Setting("COUNTERSIGN_FUZZ_SEED") ?? DefaultSeed;
        using var world = new World(SignatureAlgorithm.Find(algorithm)!);
        var accepted = 0;
        List<(string Fault, string Example)> faults = [];
        HashSet<(string Code, string Peer)> seen = [];
        for (var number = 0; number < count; number++)
        {
            // Each token has a seed of its own, so that one can be made again alone.
            var token = new Mutations(world, new Random(unchecked(seed + number))).Next();
            var error = world.Judge(token);
            accepted += error is null ? 1 : 0;
            foreach (var peer in world.Peers)
            {
                if (FindFault(error, peer, token, seen) is { } fault)
                {
                    faults.Add((fault, $"COUNTERSIGN_FUZZ_SEED={unchecked(seed + number)} COUNTERSIGN_FUZZ_TOKENS=1: {Show(token)}"));
                }
            }
        }

        Assert.True(faults.Count == 0, Summarise(faults));
        // The list is as long as it must be, which a run of the usual length shows.
        Assert.True(
            algorithm != "HS256" || count < tokens || seen.SetEquals(StrictnessList.All), $"never seen: {string.Join(", ", StrictnessList.All.Except(seen))}");
        // A run in which nearly all is refused, or all accepted, compares nothing.
        Assert.True(count < 500 || (accepted > count / 10 && accepted < count * 9 / 10), $"{accepted} of {count} accepted");
    }

    private static string? FindFault(TokenError? error, IPeer peer, string token, HashSet<(string Code, string Peer)> seen)
    {
        var theirs = peer.Accepts(token);
        if (error is not { } reason)
        {
            return theirs ? null : $"we accept and {peer.Name} refuses";
        }

        if (!theirs)
        {
            return null;
        }

        seen.Add((reason.ToCode(), peer.Name));
        return StrictnessList.All.Contains((reason.ToCode(), peer.Name)) ? null : $"{peer.Name} accepts and we refuse with {reason.ToCode()}";
    }

    private static string Summarise(List<(string Fault, string Example)> faults) => string.Join('\n', faults
        .GroupBy(fault => fault.Fault, StringComparer.Ordinal)
        .Select(group => $"{group.Key}: {group.Count()}\n  {string.Join("\n  ", group.Take(3).Select(fault => fault.Example))}"));

    /// <summary>The token with its first two parts decoded where they can be, in ASCII.</summary>
    private static string Show(string token)
    {
        var text = $"{token}\n    {string.Join("\n    ", token.Split('.').Take(2).Select(Decode))}";
        return string.Concat(text.Select(letter => letter is '\n' or (>= ' ' and <= '~') ? $"{letter}" : $"<{(int)letter:x}>"));
    }

    private static string Decode(string segment)
    {
        try
        {
            var plain = segment.Replace('-', '+').Replace('_', '/');
            return Encoding.UTF8.GetString(Convert.FromBase64String(plain + new string('=', (4 - (plain.Length % 4)) % 4)));
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture) : null;
}
