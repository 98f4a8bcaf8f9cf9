using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The leases in the table of leases. Each change is one statement, so of many nodes only one succeeds.</summary>
internal sealed class RelationalLeaseStore(StoreDatabase database) : ILeaseStore
{
    /// <inheritdoc />
    public Task<bool> TryTakeAsync(
        string name, Guid holder, DateTimeOffset now, DateTimeOffset until, DateTimeOffset latest, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (store, token) => await store.ExecuteAsync(
                $"""
                 INSERT INTO {store.Tables.Leases} (name, holder, until) VALUES (@name, @holder, @until)
                 ON CONFLICT (name) DO UPDATE SET holder = @holder, until = @until
                 WHERE {store.Tables.Leases}.until <= @now OR {store.Tables.Leases}.until > @latest
                 """,
                token,
                ("@holder", holder),
                ("@until", until.UtcTicks),
                ("@name", name),
                ("@now", now.UtcTicks),
                ("@latest", latest.UtcTicks)).ConfigureAwait(false) == 1,
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> SetAsync(string name, Guid holder, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.WriteAsync((store, token) => SetAsync(store, name, holder, until, token), cancellationToken);

    /// <summary>The same in a transaction of the caller. Its row is locked until the commit, so the holder is the only one until then.</summary>
    public static async Task<bool> SetAsync(StoreContext store, string name, Guid holder, DateTimeOffset until, CancellationToken cancellationToken) =>
        await store.ExecuteAsync(
            $"UPDATE {store.Tables.Leases} SET until = @until WHERE name = @name AND holder = @holder",
            cancellationToken,
            ("@until", until.UtcTicks),
            ("@name", name),
            ("@holder", holder)).ConfigureAwait(false) == 1;
}
