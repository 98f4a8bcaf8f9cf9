namespace Countersign.Sessions.Accounts;

/// <summary>
/// The transactions that an app has open when it changes an account. Other connections see the old account until the commit, so sessions must learn of the
/// change after it. On SQLite they can't even be told before: the app's transaction has the write lock.
/// </summary>
internal interface IAppTransactions
{
    /// <summary>Whether a store of Identity works inside a transaction whose commit can be seen.</summary>
    /// <param name="store">The app's user store or role store.</param>
    bool IsOpen(object store);

    /// <summary>Whether a store works inside a transaction whose commit can't be seen, because the app has built the options of its context itself.</summary>
    /// <param name="store">The app's user store or role store.</param>
    bool IsHidden(object store);

    /// <summary>Runs something after the commit of the open transaction, and never if it is rolled back.</summary>
    /// <param name="store">The app's user store or role store.</param>
    /// <param name="action">It must not throw.</param>
    /// <returns>False if no transaction is open. Then nothing has happened.</returns>
    bool TryRunAfterCommit(object store, Func<Task> action);
}
