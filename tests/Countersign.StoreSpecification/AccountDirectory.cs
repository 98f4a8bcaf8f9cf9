using System.Collections.Concurrent;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;

namespace Countersign.StoreSpecification;

/// <summary>The accounts of a test: the boundary that Identity fills in an app, kept in memory and shared by all nodes.</summary>
internal sealed class AccountDirectory : IAccounts
{
    private readonly ConcurrentDictionary<string, AccountRow> _accounts = new(StringComparer.Ordinal);

    /// <summary>What reading accounts in a transaction fails with; null while it does not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether a transaction reads the accounts, or they are read before it.</summary>
    public bool IsJoined { get; set; } = true;

    /// <summary>Runs after an account was read outside a transaction, before its facts are used.</summary>
    public Func<Task> AfterRead { get; set; } = static () => Task.CompletedTask;

    public AccountFacts Add(string userId, string stamp = "first", bool isActive = true, params string[] roles)
    {
        var row = new AccountRow { Key = userId, SecurityStamp = stamp, Email = $"{userId}@example.com", IsActive = isActive };
        foreach (var role in roles)
        {
            row.AddRole(role);
        }

        _accounts[userId] = row;
        return Describe(row);
    }

    public void Remove(string userId) => _accounts.TryRemove(userId, out _);

    public async Task<SignInLookup> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        new(await FindByIdAsync(name, cancellationToken), name);

    public Task<AccountStanding?> FindStandingAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(
        Find(userId) is { } facts
            ? new AccountStanding { Facts = facts, Error = facts.IsActive ? null : SessionStartError.AccountInactive }
            : null);

    public Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(
        Find(userId) is { } facts
            ? new SignInAccount { UserId = userId, Stamp = facts.Stamp, IsActive = facts.IsActive }
            : null);

    public async Task<AccountFacts?> DescribeAsync(string userId, CancellationToken cancellationToken)
    {
        var facts = Find(userId);
        await AfterRead();
        return facts;
    }

    public ValueTask<AccountRead?> FindJoinedAsync(string userId, CancellationToken cancellationToken) =>
        new(IsJoined ? new AccountRead(userId, userId, this) : null);

    public AccountFacts Describe(AccountRow row) => new()
    {
        UserId = row.UserId,
        IsActive = row.IsActive,
        Stamp = AccountFacts.HashStamp(row.SecurityStamp),
        Email = row.Email,
        Roles = row.Roles,
    };

    /// <summary>Answers as a transaction does that reads the table.</summary>
    public IReadOnlyDictionary<object, AccountRow?> Read(IReadOnlyCollection<object> keys) =>
        keys.Count > 0 && Failure is not null ? throw Failure : keys.ToDictionary(static key => key, key => _accounts.GetValueOrDefault((string)key));

    private AccountFacts? Find(string userId) => _accounts.TryGetValue(userId, out var row) ? Describe(row) : null;
}
