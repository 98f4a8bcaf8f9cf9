using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Countersign.PostgreSql;

/// <summary>Checks at start that the database is a PostgreSQL server that keeps acknowledged changes. Otherwise the service does not start.</summary>
internal sealed class PostgreSqlGuard(StoreDatabase database, ILogger<PostgreSqlGuard> logger) : IDatabaseCheck
{
    /// <summary>The oldest version that the PostgreSQL project still supported when this was written.</summary>
    private const int OldestVersion = 14;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            await store.Context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            var settings = await store.QueryAsync(
                """
                SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN
                ('server_version_num', 'server_encoding', 'synchronous_commit', 'default_transaction_isolation', 'transaction_read_only',
                    'fsync', 'full_page_writes')
                """,
                static reader => KeyValuePair.Create(reader.GetString(0), reader.GetString(1)),
                cancellationToken).ConfigureAwait(false);
            Assert(new Dictionary<string, string>(settings, StringComparer.Ordinal));
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Throws if a setting of the server is wrong.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong.</exception>
    internal void Assert(IReadOnlyDictionary<string, string> settings)
    {
        var version = int.Parse(settings["server_version_num"], System.Globalization.CultureInfo.InvariantCulture) / 10_000;
        if (version < OldestVersion)
        {
            throw new InvalidOperationException($"The database is PostgreSQL {version}; {OldestVersion} is the oldest version that is supported.");
        }

        Refuse(
            settings["server_encoding"] is not "UTF8",
            $"The database's encoding is {settings["server_encoding"]}, which can't store every name. Make a database with ENCODING 'UTF8'.");
        Refuse(
            settings["transaction_read_only"] is not "off",
            "The database can only be read. Connect to the primary (Target Session Attributes=primary), or set default_transaction_read_only to off.");
        Refuse(
            settings["synchronous_commit"] is "off",
            "synchronous_commit is off: a crash could undo acknowledged changes. Set it to on for the role or the database.");
        Refuse(
            settings["default_transaction_isolation"] is not "read committed",
            $"default_transaction_isolation is \"{settings["default_transaction_isolation"]}\": " +
            "the stores' single statements need read committed. Set it for the role or the database.");
        if (settings["fsync"] is "off" || settings["full_page_writes"] is "off")
        {
            PostgreSqlLog.NotCrashSafe(logger);
        }

        static void Refuse(bool wrong, string message)
        {
            if (wrong)
            {
                throw new InvalidOperationException(message);
            }
        }
    }
}
