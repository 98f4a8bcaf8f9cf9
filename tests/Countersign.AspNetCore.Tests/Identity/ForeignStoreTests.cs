using Countersign.AspNetCore.Identity;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>An app whose users are neither built on Identity's class nor kept in a database that can be queried.</summary>
public sealed class ForeignStoreTests
{
    private static readonly Member Ann = new("member:7", "ann@example.com") { Stamp = "stamp", Hash = "hash" };

    [Fact]
    public async Task DescribeAsync_UsersThatCannotBeQueried_AsksTheStore()
    {
        await using var provider = Build();
        var accounts = provider.GetRequiredService<IAccounts>();

        var facts = (await accounts.DescribeAsync("member:7", default))!;

        Assert.Equal(("member:7", "ann@example.com", true), (facts.UserId, facts.Email, facts.IsActive));
        Assert.Equal(AccountFacts.HashStamp("stamp"), facts.Stamp.ToArray());
        Assert.Empty(facts.Roles);
        Assert.Null(await accounts.DescribeAsync("7", default));
    }

    [Fact]
    public async Task FindByNameAsync_UsersThatCannotBeQueried_AsksTheStore()
    {
        await using var provider = Build();

        var account = (await provider.GetRequiredService<IAccounts>().FindByNameAsync("Ann@Example.com", default)).Account!;

        Assert.Equal(("member:7", "hash", true), (account.UserId, account.PasswordHash, account.IsActive));
        Assert.False(account.IsLockedOut);
    }

    [Fact]
    public void AccountShape_UsersWithoutConcurrencyStamp_AreNeverRehashed()
    {
        using var provider = new ServiceCollection().AddOptions().AddSingleton<UserAccessor<Member>>().BuildServiceProvider();

        Assert.False(provider.GetRequiredService<UserAccessor<Member>>().KeepsConcurrencyStamp);
        Assert.False(provider.GetRequiredService<UserAccessor<Member>>().CanCreate);
    }

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddScoped<IUserStore<Member>, MemberStore>();
        services.AddCountersign<Member>();
        return services.BuildServiceProvider();
    }

    internal sealed class Member(string id, string email)
    {
        public string Id { get; } = id;

        public string Email { get; } = email;

        public string? Hash { get; set; }

        public string? Stamp { get; set; }
    }

    /// <summary>A directory that takes its own form of key, and throws on any other.</summary>
    private sealed class MemberStore : IUserEmailStore<Member>, IUserPasswordStore<Member>, IUserSecurityStampStore<Member>
    {
        public Task<Member?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
            userId.StartsWith("member:", StringComparison.Ordinal) ? Task.FromResult(userId == Ann.Id ? Ann : null) : throw new FormatException("No key.");

        public Task<Member?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
            Task.FromResult(string.Equals(normalizedEmail, Ann.Email, StringComparison.OrdinalIgnoreCase) ? Ann : null);

        public Task<Member?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<Member?>(null);

        public Task<string> GetUserIdAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

        public Task<string?> GetUserNameAsync(Member user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

        public Task<string?> GetEmailAsync(Member user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

        public Task<string?> GetPasswordHashAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.Hash);

        public Task<string?> GetSecurityStampAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.Stamp);

        public Task<bool> HasPasswordAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.Hash is not null);

        public Task<bool> GetEmailConfirmedAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<string?> GetNormalizedUserNameAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetNormalizedEmailAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetUserNameAsync(Member user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetNormalizedUserNameAsync(Member user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetEmailAsync(Member user, string? email, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetEmailConfirmedAsync(Member user, bool confirmed, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetNormalizedEmailAsync(Member user, string? normalizedEmail, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetPasswordHashAsync(Member user, string? passwordHash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetSecurityStampAsync(Member user, string stamp, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> CreateAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> UpdateAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> DeleteAsync(Member user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
