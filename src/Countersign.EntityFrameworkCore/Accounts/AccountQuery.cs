using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>The query on an app's accounts, its types closed.</summary>
internal abstract class AccountQuery
{
    /// <summary>Reads an account by its key.</summary>
    /// <returns>Null if there is none.</returns>
    public abstract Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken);
}
