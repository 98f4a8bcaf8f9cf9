using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>The reads of a query, its key's type closed.</summary>
internal sealed class AccountAnswers<TKey> : AccountAnswers
    where TKey : notnull
{
    private readonly IReadOnlyCollection<AccountRead> _reads;
    private readonly Dictionary<TKey, AccountRow?> _rows = [];

    /// <param name="reads">Reads of this query.</param>
    /// <param name="takesSeveral">Whether the statements take several keys at once.</param>
    public AccountAnswers(IReadOnlyCollection<AccountRead> reads, bool takesSeveral)
    {
        _reads = reads;
        foreach (var read in reads)
        {
            _rows[(TKey)read.Key!] = null;
        }

        Parameters = takesSeveral ? [_rows.Keys.ToArray()] : [.. _rows.Keys.Select(static key => (object)key)];
    }

    /// <inheritdoc />
    public override IReadOnlyList<object> Parameters { get; }

    /// <inheritdoc />
    public override void ReadAccount(DbDataReader reader)
    {
        var key = reader.GetFieldValue<TKey>(0);
        _rows[key] = new AccountRow
        {
            Key = key,
            SecurityStamp = reader.FindString(1),
            Email = reader.FindString(2),
            IsActive = reader.GetInt32(3) == 1,
            LockedUntil = reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
            Roles = [],
        };
    }

    /// <inheritdoc />
    public override void ReadRole(DbDataReader reader) => _rows.GetValueOrDefault(reader.GetFieldValue<TKey>(0))?.Roles.Add(reader.FindString(1));

    /// <inheritdoc />
    public override void Answer()
    {
        foreach (var read in _reads)
        {
            read.Answer(_rows[(TKey)read.Key!]);
        }
    }
}
