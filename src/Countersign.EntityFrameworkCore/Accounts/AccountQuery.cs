using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>The query on an app's accounts, its types closed.</summary>
internal abstract class AccountQuery : IAccountQuery
{
    /// <summary>The statements for the writer's transaction; null where it can't read by them.</summary>
    public AccountStatements? Statements { get; protected set; }

    /// <inheritdoc />
    public bool CanJoin => Statements is not null;

    /// <summary>Has the statements translated once, if they can be.</summary>
    public abstract Task PrepareAsync(StoreContext store, CancellationToken cancellationToken);

    /// <inheritdoc />
    public abstract Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken);

    /// <summary>Takes up reads of this query.</summary>
    public abstract AccountAnswers Begin(IReadOnlyCollection<AccountRead> reads);
}
