using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Ends all sessions of all accounts. All providers share the statements, but each has its own way to keep other writers out.</summary>
internal static class GlobalRevocation
{
    /// <summary>The update of millions of rows takes minutes. If it stopped half-way, all users would stay logged in.</summary>
    private static readonly TimeSpan LongestUpdate = TimeSpan.FromMinutes(10);

    /// <summary>Raises the epoch, revokes the rows and writes the event, in the current transaction of <paramref name="store"/>.</summary>
    public static async Task<RevokedUsers> RunAsync(StoreContext store, RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken)
    {
        var epochs = await store.QueryAsync(
            $"UPDATE {store.Tables.FeedHead} SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch",
            static reader => reader.GetInt64(0),
            cancellationToken).ConfigureAwait(false);

        // All rows, also expired ones: with a wrong clock, a session that looks expired may still be alive.
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
            $"UPDATE {store.Tables.Sessions} SET revoked_at = @now, revoked_reason = @reason WHERE revoked_at IS NULL",
            ("@now", now.UtcTicks),
            ("@reason", (int)reason));
        await using (command.ConfigureAwait(false))
        {
            command.CommandTimeout = (int)LongestUpdate.TotalSeconds;
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
