using System.Collections.Concurrent;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;

namespace Countersign.StoreSpecification;

/// <summary>The accounts of a test: the boundary that Identity fills in an app, kept in memory and shared by all nodes.</summary>
internal sealed class AccountDirectory : IAccounts
{
    private readonly ConcurrentDictionary<string, AccountFacts> _accounts = new(StringComparer.Ordinal);

    /// <summary>What reading accounts in a transaction fails with; null while it does not.</summary>
    public Exception? Failure { get; set; }

    public AccountFacts Add(string userId, string stamp = "first", bool isActive = true, params string[] roles) => _accounts[userId] = new AccountFacts
    {
        UserId = userId,
        IsActive = isActive,
        Stamp = AccountFacts.HashStamp(stamp),
        Email = $"{userId}@example.com",
        Roles = roles,
    };

    public void Remove(string userId) => _accounts.TryRemove(userId, out _);

    public async Task<SignInLookup> FindByNameAsync(string name, CancellationToken cancellationToken) => new(await FindByIdAsync(name, cancellationToken), name);

    public Task<AccountStanding?> FindStandingAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(
        _accounts.TryGetValue(userId, out var facts)
            ? new AccountStanding { Facts = facts, Error = facts.IsActive ? null : SessionStartError.AccountInactive }
            : null);

    public Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(
        _accounts.TryGetValue(userId, out var facts)
            ? new SignInAccount { UserId = userId, Stamp = facts.Stamp, IsActive = facts.IsActive }
            : null);

    public Task<AccountFacts?> DescribeAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(_accounts.GetValueOrDefault(userId));

    public ValueTask<AccountRead> BeginReadAsync(string userId, CancellationToken cancellationToken) =>
        new(new AccountRead(Query.Instance, userId, userId, (_, asked) => _accounts.GetValueOrDefault(asked)));

    /// <summary>Answers as a transaction does that reads the table.</summary>
    public void Answer(IEnumerable<AccountRead> reads)
    {
        foreach (var read in reads)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            read.Answer(_accounts.ContainsKey((string)read.Key!) ? new AccountRow { Roles = [] } : null);
        }
    }

    private sealed class Query : IAccountQuery
    {
        public static Query Instance { get; } = new();

        public bool CanJoin => true;

        public Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
