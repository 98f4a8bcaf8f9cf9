using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>The feed as tests look at it: a connection for each look.</summary>
internal static class FeedConnections
{
    /// <summary>All lines that are not older than an instant, in the order of their age.</summary>
    public static async Task<FeedPage> LoadAsync(this IRevocationFeed feed, DateTimeOffset since)
    {
        await using var connection = await feed.ConnectAsync(CancellationToken.None);
        return await connection.LoadAsync(FeedPosition.Before(since), int.MaxValue, CancellationToken.None);
    }

    /// <summary>The lines after a number.</summary>
    public static async Task<FeedPage> ReadAsync(this IRevocationFeed feed, long after, int limit = int.MaxValue)
    {
        await using var connection = await feed.ConnectAsync(CancellationToken.None);
        return await connection.ReadAsync(after, limit, CancellationToken.None);
    }

    /// <summary>Puts lines back.</summary>
    public static async Task<int> WriteBackAsync(this IRevocationFeed feed, FeedMark known, params RevocationEntry[] entries)
    {
        await using var connection = await feed.ConnectAsync(CancellationToken.None);
        return await connection.WriteBackAsync(entries, known, CancellationToken.None);
    }
}
