using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>The query on an app's accounts, its types closed.</summary>
internal abstract class AccountQuery : IAsyncDisposable, IDisposable
{
    /// <summary>
    /// Has the statements translated once, for connections that stay open. Without it, or where it is not possible, each read goes through Entity Framework.
    /// </summary>
    public abstract Task PrepareAsync(StoreContext store, CancellationToken cancellationToken);

    /// <summary>Reads an account by its key.</summary>
    /// <returns>Null if there is none.</returns>
    public abstract Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc />
    public abstract void Dispose();
}
