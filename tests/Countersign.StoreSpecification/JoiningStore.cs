using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>The real store, whose transactions read accounts from the <see cref="AccountDirectory"/> as they otherwise do from Identity's tables.</summary>
internal sealed class JoiningStore(ISessionStore inner, AccountDirectory accounts) : SessionStoreDecorator(inner)
{
    protected override IJoinedSessionTransaction Wrap(ISessionTransaction transaction) => new JoiningTransaction(transaction, accounts);

    private sealed class JoiningTransaction(ISessionTransaction inner, AccountDirectory directory) : Transaction(inner)
    {
        private readonly ISessionTransaction _inner = inner;

        public override async Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids,
            IReadOnlyCollection<string> userIds,
            IReadOnlyCollection<AccountRead> accounts,
            DateTimeOffset now,
            CancellationToken cancellationToken)
        {
            var loaded = await _inner.LoadAsync(ids, userIds, now, cancellationToken);
            directory.Answer(accounts);
            return loaded;
        }
    }
}
