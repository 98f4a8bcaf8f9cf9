using System.Net.Http.Headers;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Countersign.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace System.Net.Http;

/// <summary>Logs a test's client in, without a password and without a request.</summary>
public static class CountersignTestingHttpClientExtensions
{
    /// <summary>
    /// Logs a client in to the account with an address. If there is none, it is made, with a confirmed address and without a password. The session is a real
    /// one: it can be refreshed, ended, and listed, and its token has the claims that the app adds.
    /// </summary>
    /// <param name="client">The client. Its later requests send the token.</param>
    /// <param name="services">The services of the app under test. It must have started, as it has once a client was made.</param>
    /// <param name="email">The account's address, which is also its user name if it is made here.</param>
    /// <param name="roles">Roles that the account gets if it does not have them. Roles that do not exist are made. Others of its roles stay.</param>
    /// <returns>The pair.</returns>
    /// <exception cref="InvalidOperationException">The account can't be made, or may not log in; the message says why.</exception>
    public static Task<SessionTokens> AuthenticateAsync(this HttpClient client, IServiceProvider services, string email, params string[] roles)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(email);
        ArgumentNullException.ThrowIfNull(roles);
        return AuthenticateAsync(client, services, accounts => accounts.FindOrCreateAsync(email, roles));
    }

    /// <summary>
    /// Logs a client in to an account of the test's own making, for an app whose accounts need more than an address. If its id is not in the database yet,
    /// it is saved.
    /// </summary>
    /// <typeparam name="TUser">The app's user type.</typeparam>
    /// <param name="client">The client. Its later requests send the token.</param>
    /// <param name="services">The services of the app under test. It must have started, as it has once a client was made.</param>
    /// <param name="user">The account.</param>
    /// <param name="roles">Roles that the account gets if it does not have them. Roles that do not exist are made. Others of its roles stay.</param>
    /// <returns>The pair.</returns>
    /// <exception cref="InvalidOperationException">The account can't be saved, or may not log in; the message says why.</exception>
    public static Task<SessionTokens> AuthenticateAsync<TUser>(this HttpClient client, IServiceProvider services, TUser user, params string[] roles)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(roles);
        return AuthenticateAsync(client, services, accounts => ((TestAccounts<TUser>)accounts).FindOrSaveAsync(user, roles));
    }

    /// <summary>Lets a client send a token of the test's own making.</summary>
    /// <param name="client">The client. Its later requests send the token.</param>
    /// <param name="accessToken">The token, such as that of <see cref="TestAccessToken"/>.</param>
    public static void UseAccessToken(this HttpClient client, string accessToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(accessToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
    }

    private static async Task<SessionTokens> AuthenticateAsync(HttpClient client, IServiceProvider services, Func<TestAccounts, Task<TestAccount>> find)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var type = services.GetService<AppUserType>()?.Type
            ?? throw new InvalidOperationException("The app has no accounts of Countersign: it does not call AddCountersign<TUser>().");
        var accounts = (TestAccounts)Activator.CreateInstance(typeof(TestAccounts<>).MakeGenericType(type), scope.ServiceProvider)!;
        var account = await find(accounts).ConfigureAwait(false);
        var started = await services.GetRequiredService<SessionService>()
            .StartAsync(account.Id, new SignInContext { Methods = account.HasSecondFactor ? ["pwd", "otp", "mfa"] : ["pwd"] }).ConfigureAwait(false);
        if (!started.TryGetTokens(out var tokens, out var error))
        {
            throw new InvalidOperationException($"The account {account.Id} may not log in: {error.Value.ToCode()}.");
        }

        client.UseAccessToken(tokens.AccessToken);
        return tokens;
    }
}
