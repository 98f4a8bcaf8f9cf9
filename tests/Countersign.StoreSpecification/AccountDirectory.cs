using System.Collections.Concurrent;
using Countersign.Sessions.Accounts;

namespace Countersign.StoreSpecification;

/// <summary>The accounts of a test: the boundary that Identity fills in an app, kept in memory and shared by all nodes.</summary>
internal sealed class AccountDirectory : IAccounts
{
    private readonly ConcurrentDictionary<string, AccountFacts> _accounts = new(StringComparer.Ordinal);

    public AccountFacts Add(string userId, string stamp = "first", bool isActive = true, params string[] roles) => _accounts[userId] = new AccountFacts
    {
        UserId = userId,
        IsActive = isActive,
        Stamp = AccountFacts.HashStamp(stamp),
        Email = $"{userId}@example.com",
        Roles = roles,
    };

    public void Remove(string userId) => _accounts.TryRemove(userId, out _);

    public Task<SignInAccount?> FindByNameAsync(string name, CancellationToken cancellationToken) => FindByIdAsync(name, cancellationToken);

    public Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(
        _accounts.TryGetValue(userId, out var facts)
            ? new SignInAccount { UserId = userId, Stamp = facts.Stamp, IsActive = facts.IsActive }
            : null);

    public Task<AccountFacts?> DescribeAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(_accounts.GetValueOrDefault(userId));

    public ValueTask<AccountRead> BeginReadAsync(string userId, CancellationToken cancellationToken) => new(new AccountRead(_accounts.GetValueOrDefault(userId)));
}
