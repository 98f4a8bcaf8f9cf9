using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Ends every session of every account. The statements are every provider's; how other writers are held off is each one's own.</summary>
internal static class GlobalRevocation
{
    /// <summary>Millions of rows take minutes, and to give up half-way would leave everybody logged in.</summary>
    private static readonly TimeSpan LongestUpdate = TimeSpan.FromMinutes(10);

    /// <summary>Raises the epoch, revokes the rows, and writes the event, in the transaction that <paramref name="store"/> is in.</summary>
    public static async Task<RevokedUsers> RunAsync(StoreContext store, RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken)
    {
        var epochs = await store.QueryAsync(
            $"UPDATE {store.Tables.FeedHead} SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch", static reader => reader.GetInt64(0), cancellationToken).ConfigureAwait(false);

        // Every row: what a clock that is wrong takes for expired must not be left alive.
        var sessions = await RevokeRowsAsync(store, reason, line.At, cancellationToken).ConfigureAwait(false);
        await store.ExecuteAsync(
            $"""
             INSERT INTO {store.Tables.Events} (id, at, kind, user_id, session_id, ip_address, detail)
             VALUES (@id, @at, @kind, @user_id, @session_id, @ip_address, @detail)
             """,
            cancellationToken,
            ("@id", line.Id),
            ("@at", line.At.UtcTicks),
            ("@kind", line.Kind),
            ("@user_id", line.UserId),
            ("@session_id", line.SessionId),
            ("@ip_address", line.IpAddress),
            ("@detail", line.Detail)).ConfigureAwait(false);
        return new RevokedUsers(epochs.Single(), sessions);
    }

    private static async Task<int> RevokeRowsAsync(StoreContext store, RevocationReason reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var command = store.Command(
            $"UPDATE {store.Tables.Sessions} SET revoked_at = @now, revoked_reason = @reason WHERE revoked_at IS NULL", ("@now", now.UtcTicks), ("@reason", (int)reason));
        await using (command.ConfigureAwait(false))
        {
            command.CommandTimeout = (int)LongestUpdate.TotalSeconds;
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
