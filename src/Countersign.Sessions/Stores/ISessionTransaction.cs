namespace Countersign.Sessions.Stores;

/// <summary>One transaction of the session writer: rows are locked as they are loaded, changes are written once, at the end.</summary>
public interface ISessionTransaction
{
    /// <summary>Loads and locks rows, in the order of their ids. Ids without a row are left out.</summary>
    Task<IReadOnlyList<Session>> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Loads and locks an account's live sessions, in the order of their ids.</summary>
    Task<IReadOnlyList<Session>> LoadLiveAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes what has changed; the revocations get their numbers in the feed last, so that the order of commits is the order of numbers.</summary>
    Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken);

    /// <summary>
    /// After a commit that took too long: sets <c>RefreshedAt</c> to <paramref name="now"/> if the row's generation or its parent is still
    /// <paramref name="generation"/>, which this writer wrote.
    /// </summary>
    /// <returns>False if the row has moved further.</returns>
    Task<bool> TouchAsync(Guid id, int generation, DateTimeOffset now, CancellationToken cancellationToken);
}
