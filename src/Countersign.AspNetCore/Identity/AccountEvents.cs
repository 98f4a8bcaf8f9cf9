using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>Runs the app's <see cref="IAccountEvents{TUser}"/>, and says what happens if one of them throws.</summary>
internal sealed class AccountEvents<TUser>(IServiceScopeFactory scopes, IServiceProvider provider, ILogger<AccountEvents<TUser>> logger) : ISignInEvents
    where TUser : class
{
    /// <inheritdoc/>
    public bool Any { get; } = provider.GetService<IServiceProviderIsService>()?.IsService(typeof(IAccountEvents<TUser>)) ?? true;

    /// <summary>Asks the app before an account is created.</summary>
    /// <param name="services">The scope in which the account will be saved.</param>
    /// <param name="user">The account.</param>
    /// <param name="signUp">The request.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null if the app accepts it.</returns>
    /// <exception cref="AccountEventException">A class of the app threw.</exception>
    public Task<AccountRefusal?> RegisteringAsync(IServiceProvider services, TUser user, SignUpContext signUp, CancellationToken cancellationToken) => AskAsync(
        services,
        nameof(IAccountEvents<>.RegisteringAsync),
        events => events.RegisteringAsync(user, signUp, cancellationToken),
        cancellationToken);

    /// <summary>Tells the app that an account was created.</summary>
    public Task RegisteredAsync(IServiceProvider services, TUser user, SignUpContext signUp) =>
        TellAsync(services, nameof(IAccountEvents<>.RegisteredAsync), events => events.RegisteredAsync(user, signUp));

    /// <summary>Tells the app that an account was deleted.</summary>
    public Task DeletedAsync(IServiceProvider services, TUser user) =>
        TellAsync(services, nameof(IAccountEvents<>.DeletedAsync), events => events.DeletedAsync(user));

    /// <inheritdoc/>
    public async Task<SessionStartResult> StartAsync(
        string userId, SignInContext context, Func<Task<SessionStartResult>> start, CancellationToken cancellationToken)
    {
        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        if (await accounts.Manager.FindAccountAsync(userId).ConfigureAwait(false) is not { } user)
        {
            return new SessionStartResult(SessionStartError.AccountUnknown);
        }

        var refusal = await AskAsync(
            accounts.Services,
            nameof(IAccountEvents<>.SigningInAsync),
            events => events.SigningInAsync(user, context, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return new SessionStartResult(refusal);
        }

        var started = await start().ConfigureAwait(false);
        if (started.TryGetTokens(out var tokens, out var _))
        {
            await TellAsync(accounts.Services, nameof(IAccountEvents<>.SignedInAsync), events => events.SignedInAsync(user, tokens.Session))
                .ConfigureAwait(false);
        }

        return started;
    }

    private async Task<AccountRefusal?> AskAsync(
        IServiceProvider services,
        string name,
        Func<IAccountEvents<TUser>, ValueTask<AccountRefusal?>> ask,
        CancellationToken cancellationToken)
    {
        Type? type = null;
        try
        {
            foreach (var events in services.GetServices<IAccountEvents<TUser>>())
            {
                type = events.GetType();
                if (await ask(events).ConfigureAwait(false) is { } refusal)
                {
                    IdentityLog.EventRefused(logger, type, name, refusal.Code);
                    return refusal;
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            type ??= typeof(IAccountEvents<TUser>);
            IdentityLog.EventFailedBefore(logger, exception, type, name);
            throw new AccountEventException($"{name} of {type.Name} threw, so nothing was changed.", exception);
        }
    }

    private async Task TellAsync(IServiceProvider services, string name, Func<IAccountEvents<TUser>, ValueTask> tell)
    {
        if (!Any)
        {
            return;
        }

        IEnumerable<IAccountEvents<TUser>> all = [];
        try
        {
            all = services.GetServices<IAccountEvents<TUser>>();
        }
        catch (Exception exception)
        {
            IdentityLog.EventFailedAfter(logger, exception, typeof(IAccountEvents<TUser>), name);
        }

        foreach (var events in all)
        {
            try
            {
                await tell(events).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // What it was told about has happened, so the answer says so.
                IdentityLog.EventFailedAfter(logger, exception, events.GetType(), name);
            }
        }
    }
}
