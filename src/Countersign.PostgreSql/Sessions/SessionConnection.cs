using System.Data;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Writing;
using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>The writer's connection, with the settings that its transactions need.</summary>
internal sealed class SessionConnection : IAsyncDisposable
{
    /// <summary>
    /// Durable: an acknowledged commit survives a crash, with any configuration; a configuration that also waits for standbys is kept. Bounded: no statement
    /// waits for a lock longer than the lock time-out, and a node that stops in the middle of a transaction loses the transaction and its locks. Planned for
    /// large tables: each statement finds rows and accounts by key. A plan that was made for a small table must not read the whole table when it has grown.
    /// </summary>
    private const string Settings =
        """
        SELECT
          set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
          set_config('lock_timeout', $1, false),
          set_config('idle_in_transaction_session_timeout', $2, false),
          set_config('enable_seqscan', 'off', false),
          set_config('enable_hashjoin', 'off', false),
          set_config('enable_mergejoin', 'off', false),
          set_config('jit', 'off', false)
        """;

    /// <summary>Twice the time after which a command is refused. A node that is silent for longer does not finish its transaction.</summary>
    private static readonly TimeSpan LongestSilence = 2 * SessionWriter.DecisionLimit;

    private readonly StoreContext _store;
    private readonly JoinedAccounts _accounts;

    private SessionConnection(StoreContext store, JoinedAccounts accounts)
    {
        _store = store;
        _accounts = accounts;
        Statements = new SessionStatements(store.Tables);
    }

    /// <summary>The statements on sessions.</summary>
    public SessionStatements Statements { get; }

    /// <summary>The statements on accounts; null if the accounts have not been found.</summary>
    public AccountStatements AccountStatements => field ??= new AccountStatements(_accounts.Tables);

    /// <summary>Opens the connection with one try, without the app's execution strategy, within a limited time.</summary>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    public static async Task<SessionConnection> OpenAsync(StoreDatabase database, JoinedAccounts accounts, CancellationToken cancellationToken)
    {
        // The work that waits for the connection is too old by then. The driver ignores a cancellation token while it waits for a server's first answer.
        var opening = OpenCoreAsync(database, accounts, cancellationToken);
        try
        {
            return await opening.WaitAsync(SessionWriter.DecisionLimit, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Also if the opening has ended in the meantime: nothing else would close the connection.
            _ = DisposeAfterAsync(opening);
            throw;
        }
    }

    /// <summary>Makes a batch: statements that are sent together, in one round trip.</summary>
    /// <param name="timeout">The longest silence of the server.</param>
    public NpgsqlBatch CreateBatch(TimeSpan timeout) => new((NpgsqlConnection)_store.Connection) { Timeout = (int)timeout.TotalSeconds };

    /// <summary>Rolls back the uncommitted transaction, if there is one.</summary>
    /// <returns>
    /// False if the connection can't be used any more. Either the server did not roll back in time, or the driver has closed the connection, as it does when
    /// the server is short of disk or memory.
    /// </returns>
    public async Task<bool> TryRollBackAsync()
    {
        try
        {
            var batch = CreateBatch(PostgreSqlProvider.LockTimeout);
            await using (batch.ConfigureAwait(false))
            {
                batch.Add(SessionStatements.RollBack);
                await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
            }

            return _store.Connection.State == ConnectionState.Open;
        }
        catch (Exception)
        {
            // After any failure the transaction may still be open, and the next one must not commit it.
            return false;
        }
    }

    /// <summary>Releases all pooled connections to this database, so that the next ones are new. The failure of this connection affects all of them.</summary>
    public void ClearPool() => NpgsqlConnection.ClearPool((NpgsqlConnection)_store.Connection);

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _store.DisposeAsync().ConfigureAwait(false);

    private static async Task<SessionConnection> OpenCoreAsync(StoreDatabase database, JoinedAccounts accounts, CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        try
        {
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);
            var connection = new SessionConnection(store, accounts);
            var batch = connection.CreateBatch(PostgreSqlProvider.LockTimeout);
            await using (batch.ConfigureAwait(false))
            {
                batch.Add(Settings, Milliseconds(PostgreSqlProvider.LockTimeout), Milliseconds(LongestSilence));
                await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            return connection;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task DisposeAfterAsync(Task<SessionConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            var late = await opening.ConfigureAwait(false);
            await late.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
