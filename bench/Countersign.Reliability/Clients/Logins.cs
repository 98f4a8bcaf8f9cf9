using Countersign.Harness;

namespace Countersign.Reliability.Clients;

/// <summary>Makes the sessions before a run.</summary>
internal static class Logins
{
    /// <summary>Sessions for each account. A login reads all sessions of its account, so there must not be too many.</summary>
    private const int PerAccount = 50;

    /// <summary>This number of logins at once keeps the lanes of two cores full.</summary>
    private const int AtOnce = 12;

    /// <summary>Makes accounts with sessions, at each node in turn.</summary>
    public static async Task<TokenPair[]> MakeAsync(Api api, IReadOnlyList<ServerNode> nodes, int count, int firstAccount = 0)
    {
        int accounts = (count + PerAccount - 1) / PerAccount;
        await ForAsync(accounts, account => api.RegisterAsync(nodes[account % nodes.Count], firstAccount + account));
        var pairs = new TokenPair[count];
        await ForAsync(count, async number => pairs[number] = await api.LogInAsync(nodes[number % nodes.Count], firstAccount + (number % accounts)));
        return pairs;
    }

    public static Task ForAsync(int count, Func<int, Task> run, int atOnce = AtOnce) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (number, _) => await run(number));
}
