using System.Data.Common;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Reads of one query on their way through a transaction: what its two statements are asked, and what they have answered so far.</summary>
internal abstract class AccountAnswers
{
    /// <summary>The values of the statements' parameters: one array of keys where they take several, otherwise a key for each time that they run.</summary>
    public abstract IReadOnlyList<object> Parameters { get; }

    /// <summary>Reads the next row of the statement on accounts.</summary>
    public abstract void ReadAccount(DbDataReader reader);

    /// <summary>Reads the next row of the statement on roles, after those of the account that it belongs to.</summary>
    public abstract void ReadRole(DbDataReader reader);

    /// <summary>Gives every read its answer.</summary>
    public abstract void Answer();
}
