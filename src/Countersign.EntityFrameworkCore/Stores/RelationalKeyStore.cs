using System.Data.Common;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Stores the encrypted keys.</summary>
internal sealed class RelationalKeyStore(StoreDatabase database) : IKeyStore
{
    private const string Columns = "kid, \"use\", algorithm, state, public_key, wrapped_key, created_at, activated_at, retires_at";

    /// <inheritdoc />
    public Task<StoredKeys> LoadAsync(CancellationToken cancellationToken) => database.RunAsync(
        async (store, token) =>
        {
            // Read the version first. Keys that are newer than the version are only loaded once more. Keys that are older would be missed.
            var versions = await store.QueryAsync(
                $"SELECT version FROM {store.Tables.KeyState} WHERE id = 1", static reader => reader.GetInt64(0), token).ConfigureAwait(false);
            var keys = await store.QueryAsync($"SELECT {Columns} FROM {store.Tables.Keys} ORDER BY created_at, kid", Read, token).ConfigureAwait(false);
            return new StoredKeys(versions.Single(), keys);
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<bool> TryWriteAsync(KeyChanges changes, long expectedVersion, CancellationToken cancellationToken) => database.RunInTransactionAsync(
        async (store, token) =>
        {
            var won = await store.ExecuteAsync(
                $"UPDATE {store.Tables.KeyState} SET version = version + 1 WHERE id = 1 AND version = @expected",
                token,
                ("@expected", expectedVersion)).ConfigureAwait(false);
            if (won != 1)
            {
                return false;
            }

            foreach (var keyId in changes.Deleted)
            {
                await DeleteAsync(store, keyId, token).ConfigureAwait(false);
            }

            foreach (var key in changes.Saved)
            {
                await WriteAsync(store, key, token).ConfigureAwait(false);
            }

            foreach (var line in changes.Events)
            {
                await RecordAsync(store, line, token).ConfigureAwait(false);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<bool> TryEnterModeAsync(SigningMode mode, SecurityEvent? change, CancellationToken cancellationToken) => database.RunInTransactionAsync(
        async (store, token) =>
        {
            // Every start except the first ends here and has written nothing.
            if (await ReadModeAsync(store, token).ConfigureAwait(false) == (int)mode)
            {
                return true;
            }

            var setMode = $"UPDATE {store.Tables.KeyState} SET mode = @mode WHERE id = 1";
            if (await store.ExecuteAsync($"{setMode} AND mode = 0", token, ("@mode", (int)mode)).ConfigureAwait(false) == 1)
            {
                return true;
            }

            if (change is not null
                && await store.ExecuteAsync($"{setMode} AND mode <> @mode", token, ("@mode", (int)mode)).ConfigureAwait(false) == 1)
            {
                await RecordAsync(store, change, token).ConfigureAwait(false);
                return true;
            }

            // Another node may have set the same mode first.
            return await ReadModeAsync(store, token).ConfigureAwait(false) == (int)mode;
        },
        cancellationToken);

    private static async Task<int> ReadModeAsync(StoreContext store, CancellationToken cancellationToken) =>
        (await store.QueryAsync(
            $"SELECT mode FROM {store.Tables.KeyState} WHERE id = 1", static reader => reader.GetInt32(0), cancellationToken).ConfigureAwait(false)).Single();

    private static Task<int> DeleteAsync(StoreContext store, string keyId, CancellationToken cancellationToken) =>
        store.ExecuteAsync($"DELETE FROM {store.Tables.Keys} WHERE kid = @kid", cancellationToken, ("@kid", keyId));

    private static Task<int> RecordAsync(StoreContext store, SecurityEvent line, CancellationToken cancellationToken) => store.ExecuteAsync(
        $"INSERT INTO {store.Tables.Events} (id, at, kind, detail) VALUES (@id, @at, @kind, @detail)",
        cancellationToken,
        ("@id", line.Id),
        ("@at", line.At.UtcTicks),
        ("@kind", line.Kind),
        ("@detail", line.Detail));

    private static async Task WriteAsync(StoreContext store, StoredKey key, CancellationToken cancellationToken)
    {
        await DeleteAsync(store, key.KeyId, cancellationToken).ConfigureAwait(false);
        await store.ExecuteAsync(
            $"INSERT INTO {store.Tables.Keys} ({Columns}) " +
            "VALUES (@kid, @use, @algorithm, @state, @public_key, @wrapped_key, @created_at, @activated_at, @retires_at)",
            cancellationToken,
            ("@kid", key.KeyId),
            ("@use", (int)key.Use),
            ("@algorithm", key.Algorithm),
            ("@state", (int)key.State),
            ("@public_key", key.PublicKey?.ToArray()),
            ("@wrapped_key", key.WrappedKey.ToArray()),
            ("@created_at", key.CreatedAt.UtcTicks),
            ("@activated_at", key.ActivatedAt?.UtcTicks),
            ("@retires_at", key.RetiresAt?.UtcTicks)).ConfigureAwait(false);
    }

    private static StoredKey Read(DbDataReader reader) => new()
    {
        KeyId = reader.GetString(0),
        Use = (KeyUse)reader.GetInt32(1),
        Algorithm = reader.GetString(2),
        State = (KeyState)reader.GetInt32(3),
        PublicKey = reader.IsDBNull(4) ? default(ReadOnlyMemory<byte>?) : reader.GetBytes(4),
        WrappedKey = reader.GetBytes(5),
        CreatedAt = reader.GetInstant(6),
        ActivatedAt = reader.FindInstant(7),
        RetiresAt = reader.FindInstant(8),
    };
}
