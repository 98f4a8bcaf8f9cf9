using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Identity;

/// <summary>A separate scope for one query or one change: entities in the request's scope, saved or not, are not part of it.</summary>
internal sealed class AccountScope<TUser> : IAsyncDisposable
    where TUser : class
{
    private readonly AsyncServiceScope _scope;

    public AccountScope(IServiceScopeFactory scopes)
    {
        _scope = scopes.CreateAsyncScope();
        Manager = Services.GetRequiredService<UserManager<TUser>>();
        Store = Services.GetRequiredService<IUserStore<TUser>>();
    }

    public IServiceProvider Services => _scope.ServiceProvider;

    public UserManager<TUser> Manager { get; }

    public IUserStore<TUser> Store { get; }

    /// <summary>Reads the stamp from the store, because the manager throws if there is none.</summary>
    public Task<string?> SecurityStampAsync(TUser user, CancellationToken cancellationToken) =>
        Store is IUserSecurityStampStore<TUser> stamps ? stamps.GetSecurityStampAsync(user, cancellationToken) : Task.FromResult<string?>(null);

    /// <summary>Null if the account has no password.</summary>
    public Task<string?> PasswordHashAsync(TUser user, CancellationToken cancellationToken) =>
        Store is IUserPasswordStore<TUser> passwords ? passwords.GetPasswordHashAsync(user, cancellationToken) : Task.FromResult<string?>(null);

    public ValueTask DisposeAsync() => _scope.DisposeAsync();
}
