using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>One open context of the stores.</summary>
internal sealed class StoreContext(AsyncServiceScope scope, DbContext context, StoreTables tables, int? commandTimeoutSeconds) : IAsyncDisposable, IDisposable
{
    /// <summary>The app's context, in a separate scope.</summary>
    public DbContext Context { get; } = context;

    /// <summary>The names of the tables.</summary>
    public StoreTables Tables { get; } = tables;

    /// <summary>The connection of the context.</summary>
    public DbConnection Connection => Context.Database.GetDbConnection();

    /// <summary>The transaction that commands join; null if there is none.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>
    /// Opens the connection like the app's context, with its interceptors, but without the execution strategy, which may retry for half a minute. It is for
    /// callers that block other work meanwhile.
    /// </summary>
    public Task OpenAsync(CancellationToken cancellationToken) => Context.GetService<IRelationalConnection>().OpenAsync(cancellationToken);

    /// <summary>Makes a command.</summary>
    /// <param name="sql">The statement, with parameters as <c>@name</c>.</param>
    /// <param name="parameters">The values of the parameters; null becomes NULL.</param>
    public DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Connection.CreateCommand();
#pragma warning disable CA2100 // The text consists of constants and of the model's quoted table names; every value is a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = Transaction;
        command.CommandTimeout = commandTimeoutSeconds ?? command.CommandTimeout;
        foreach (var (name, value) in parameters)
        {
            command.AddParameter(name).Value = value ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of changed rows.</returns>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var command = Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads rows.</summary>
    public async Task<List<TRow>> QueryAsync<TRow>(
        string sql, Func<DbDataReader, TRow> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var command = Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                List<TRow> rows = [];
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }

                return rows;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => scope.Dispose();

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await scope.DisposeAsync().ConfigureAwait(false);
}
