using System.Data;
using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>One connection that stays open, with the two statements prepared on it. One read at a time.</summary>
internal sealed class AccountReader<TKey>(StoreContext store, AccountStatements statements) : IAsyncDisposable, IDisposable
    where TKey : notnull
{
    private DbCommand? _accounts;
    private DbCommand? _roles;

    /// <summary>Whether the connection can still be used.</summary>
    public bool IsOpen => store.Connection.State == ConnectionState.Open;

    /// <summary>Opens the connection and reads, inside the app's execution strategy.</summary>
    public Task<Dictionary<TKey, AccountRow>> OpenAndReadAsync(IReadOnlyList<TKey> keys, CancellationToken cancellationToken) =>
        store.Context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await store.Context.Database.OpenConnectionAsync(token).ConfigureAwait(false);
                try
                {
                    return await ReadAsync(keys, token).ConfigureAwait(false);
                }
                catch
                {
                    // The strategy may try again, and does so on another connection.
                    await store.Context.Database.CloseConnectionAsync().ConfigureAwait(false);
                    throw;
                }
            },
            cancellationToken);

    /// <summary>Reads accounts and their roles.</summary>
    /// <param name="keys">Their keys, each once; one alone unless the statements take several.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>Those that there are.</returns>
    public Task<Dictionary<TKey, AccountRow>> ReadAsync(IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        object value = statements.TakesSeveral ? keys.ToArray() : keys.Single();
        return store.Connection.CanCreateBatch ? ReadBatchAsync(value, cancellationToken) : ReadInTurnAsync(value, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        DisposeCommands();
        await store.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        DisposeCommands();
        store.Dispose();
    }

    private static async Task<Dictionary<TKey, AccountRow>> ReadAccountsAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        Dictionary<TKey, AccountRow> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var key = reader.GetFieldValue<TKey>(0);
            rows[key] = new AccountRow
            {
                Key = key,
                SecurityStamp = reader.FindString(1),
                Email = reader.FindString(2),
                IsActive = reader.GetInt32(3) == 1,
                Roles = [],
            };
        }

        return rows;
    }

    private static async Task ReadRolesAsync(DbDataReader reader, Dictionary<TKey, AccountRow> rows, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (rows.TryGetValue(reader.GetFieldValue<TKey>(0), out var row))
            {
                row.Roles.Add(reader.FindString(1));
            }
        }
    }

    private static void Add(DbBatch batch, string sql, string parameterName, object value)
    {
        var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // The text is what Entity Framework has made of the model; the one value is a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        var parameter = command.CreateParameter();
        parameter.ParameterName = parameterName;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    /// <summary>Both in one round trip.</summary>
    private async Task<Dictionary<TKey, AccountRow>> ReadBatchAsync(object value, CancellationToken cancellationToken)
    {
        var batch = store.Connection.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            Add(batch, statements.Accounts, statements.AccountsParameter, value);
            Add(batch, statements.Roles, statements.RolesParameter, value);

            // Costs nothing where it has been done on this connection, for another batch of the same statements.
            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = await ReadAccountsAsync(reader, cancellationToken).ConfigureAwait(false);
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                await ReadRolesAsync(reader, rows, cancellationToken).ConfigureAwait(false);
                return rows;
            }
        }
    }

    /// <summary>One after the other, where a round trip costs nothing: SQLite keeps a command's statement prepared from its first run on.</summary>
    private async Task<Dictionary<TKey, AccountRow>> ReadInTurnAsync(object value, CancellationToken cancellationToken)
    {
        _accounts ??= store.Command(statements.Accounts, (statements.AccountsParameter, value));
        _roles ??= store.Command(statements.Roles, (statements.RolesParameter, value));
        _accounts.Parameters[0].Value = value;
        _roles.Parameters[0].Value = value;
        var accounts = await _accounts.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<TKey, AccountRow> rows;
        await using (accounts.ConfigureAwait(false))
        {
            rows = await ReadAccountsAsync(accounts, cancellationToken).ConfigureAwait(false);
        }

        if (rows.Count > 0)
        {
            var roles = await _roles.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (roles.ConfigureAwait(false))
            {
                await ReadRolesAsync(roles, rows, cancellationToken).ConfigureAwait(false);
            }
        }

        return rows;
    }

    private void DisposeCommands()
    {
        _accounts?.Dispose();
        _roles?.Dispose();
    }
}
