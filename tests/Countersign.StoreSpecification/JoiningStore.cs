using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>The real store, whose transactions read accounts from the <see cref="AccountDirectory"/> as they otherwise do from Identity's tables.</summary>
internal sealed class JoiningStore(ISessionStore inner, AccountDirectory accounts) : SessionStoreDecorator(inner)
{
    protected override ISessionTransaction Wrap(ISessionTransaction transaction) => new JoiningTransaction(transaction, accounts);

    private sealed class JoiningTransaction(ISessionTransaction inner, AccountDirectory directory) : Transaction(inner)
    {
        private readonly ISessionTransaction _inner = inner;

        public override async Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids,
            IReadOnlyCollection<string> userIds,
            IReadOnlyCollection<object> accountKeys,
            DateTimeOffset now,
            CancellationToken cancellationToken)
        {
            var loaded = await _inner.LoadAsync(ids, userIds, [], now, cancellationToken);
            return new LoadedSessions
            {
                Sessions = loaded.Sessions,
                LiveByUser = loaded.LiveByUser,
                AccountRows = directory.Read(accountKeys),
                BusyIds = loaded.BusyIds,
                BusyUserIds = loaded.BusyUserIds,
                KeyVersion = loaded.KeyVersion,
                Feed = loaded.Feed,
            };
        }
    }
}
