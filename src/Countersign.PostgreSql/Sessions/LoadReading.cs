using System.Data.Common;
using Countersign.EntityFrameworkCore.Accounts;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;

namespace Countersign.PostgreSql.Sessions;

/// <summary>Reads the results of the batch that loads and locks rows, and finds the rows that another node has locked.</summary>
/// <param name="ids">The ids of the requested rows.</param>
/// <param name="userIds">The accounts whose live rows were requested.</param>
/// <param name="accountKeys">The keys of the requested accounts.</param>
/// <param name="tables">The tables of the accounts; null if no account was requested.</param>
internal sealed class LoadReading(
    IReadOnlyCollection<Guid> ids, IReadOnlyCollection<string> userIds, IReadOnlyCollection<object> accountKeys, AccountTables? tables)
{
    private readonly List<Session> _sessions = new(ids.Count);
    private readonly Dictionary<string, IReadOnlyList<Session>> _liveByUser = new(StringComparer.Ordinal);
    private readonly HashSet<string> _busyUserIds = new(StringComparer.Ordinal);
    private readonly Dictionary<object, AccountRow?> _accountRows = accountKeys.ToDictionary(static key => key, static _ => (AccountRow?)null);
    private HashSet<Guid> _busyIds = [];
    private long _keyVersion;
    private FeedMark _feed;

    /// <summary>The ids without a row in the result: the row does not exist, or another node has locked it.</summary>
    public Guid[] Missing => _sessions.Count == ids.Count ? [] : [.. ids.Except(_sessions.Select(static session => session.Id))];

    /// <summary>Reads the results, in the order of the statements.</summary>
    public async Task ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        if (userIds.Count > 0)
        {
            await ReadResultAsync(reader, HoldAccount, cancellationToken).ConfigureAwait(false);
        }

        if (ids.Count > 0)
        {
            await ReadResultAsync(reader, row => _sessions.Add(SessionColumns.Read(row)), cancellationToken).ConfigureAwait(false);
        }

        if (userIds.Count > 0)
        {
            HashSet<Guid> locked = [];
            await ReadResultAsync(reader, row => AddLive(SessionColumns.Read(row), locked), cancellationToken).ConfigureAwait(false);
            await ReadResultAsync(reader, row => FindBusy(row, locked), cancellationToken).ConfigureAwait(false);
        }

        await ReadResultAsync(
            reader,
            row => (_keyVersion, _feed) = (row.GetInt64(0), new FeedMark(Epoch: row.GetInt64(1), Revision: row.GetInt64(2))),
            cancellationToken).ConfigureAwait(false);
        if (tables is not null)
        {
            await ReadResultAsync(reader, row => AddAccount(tables.Read(row)), cancellationToken).ConfigureAwait(false);
            await ReadResultAsync(reader, row => AddRole(tables.ReadKey(row), row.FindString(1)), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Records which of the missing ids have a row.</summary>
    public void Busy(HashSet<Guid> found) => _busyIds = found;

    /// <summary>The complete result.</summary>
    public LoadedSessions ToLoaded()
    {
        foreach (var userId in _busyUserIds)
        {
            _liveByUser.Remove(userId);
        }

        return new LoadedSessions
        {
            Sessions = _sessions,
            LiveByUser = _liveByUser,
            AccountRows = _accountRows,
            BusyIds = _busyIds,
            BusyUserIds = _busyUserIds,
            KeyVersion = _keyVersion,
            Feed = _feed,
        };
    }

    /// <summary>Reads the rows of one statement, then moves to the next statement.</summary>
    private static async Task ReadResultAsync(DbDataReader reader, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            read(reader);
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
    }

    private void HoldAccount(DbDataReader row)
    {
        var userId = row.GetString(0);
        _liveByUser[userId] = new List<Session>();
        if (!row.GetBoolean(1))
        {
            _busyUserIds.Add(userId);
        }
    }

    private void AddLive(Session session, HashSet<Guid> locked)
    {
        locked.Add(session.Id);
        ((List<Session>)_liveByUser[session.UserId]).Add(session);
    }

    private void AddAccount(AccountRow account) => _accountRows[account.Key!] = account;

    private void AddRole(object accountKey, string? name) => _accountRows.GetValueOrDefault(accountKey)?.AddRole(name);

    private void FindBusy(DbDataReader row, HashSet<Guid> locked)
    {
        if (!locked.Contains(row.GetGuid(0)))
        {
            _busyUserIds.Add(row.GetString(1));
        }
    }
}
