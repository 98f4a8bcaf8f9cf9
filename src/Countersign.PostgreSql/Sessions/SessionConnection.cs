using System.Data;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Writing;
using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>The writer's own connection, with the settings that its transactions rely on.</summary>
internal sealed class SessionConnection : IAsyncDisposable
{
    /// <summary>
    /// Durable: an acknowledged commit survives a crash, whatever is configured; what is configured to wait for standbys too stays so. Bounded: no lock is waited
    /// for longer than the lock time-out, and a node that stops in the middle of a transaction loses it with its locks. Planned for large tables: each statement
    /// goes by key, also to an account, and a plan that was made while a table was small must not read all of it later.
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

    /// <summary>Twice the time in which a command is decided or refused: whoever is silent for longer is not coming back with this transaction.</summary>
    private static readonly TimeSpan LongestSilence = 2 * SessionWriter.DecisionLimit;

    private readonly StoreContext _store;
    private readonly JoinedAccounts _accounts;

    private SessionConnection(StoreContext store, JoinedAccounts accounts)
    {
        _store = store;
        _accounts = accounts;
        Statements = new SessionStatements(store.Tables);
    }

    /// <summary>The statements on it.</summary>
    public SessionStatements Statements { get; }

    /// <summary>Those on accounts; only where these have been found.</summary>
    public AccountStatements AccountStatements => field ??= new AccountStatements(_accounts.Tables);

    /// <summary>Opens it: once, past the app's execution strategy, and for a bounded time.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task<SessionConnection> OpenAsync(StoreDatabase database, JoinedAccounts accounts, CancellationToken cancellationToken)
    {
        // What waits for it is too old then to be decided. The driver does not heed a token while it waits for a server's first answer.
        var opening = OpenCoreAsync(database, accounts, cancellationToken);
        try
        {
            return await opening.WaitAsync(SessionWriter.DecisionLimit, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Also where it has ended since: what it opened is nobody's.
            _ = DisposeAfterAsync(opening);
            throw;
        }
    }

    /// <summary>Makes a batch: statements that travel together, in one round trip.</summary>
    /// <param name="timeout">For how long the server may be silent.</param>
    public NpgsqlBatch CreateBatch(TimeSpan timeout) => new((NpgsqlConnection)_store.Connection) { Timeout = (int)timeout.TotalSeconds };

    /// <summary>Takes back what a transaction has not committed; where there is none, nothing.</summary>
    /// <returns>False if the connection can't be used any more: the server did not do it in time, or the driver has given it up, as it does where the server is short of disk or memory.</returns>
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
            // Whatever it was: in doubt there is a transaction left, which the next one must not commit.
            return false;
        }
    }

    /// <summary>Lets go of all connections to this database, so that the next are new: what failed on this one concerns them all.</summary>
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
