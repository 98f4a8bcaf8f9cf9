using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The routes that answer with tokens (login, refresh, the change of a password), and sign-up.</summary>
internal static class AuthEndpoints
{
    private const string RefreshGrant = "refresh_token";

    /// <summary>The longest wait until a network may check passwords again.</summary>
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    /// <summary>Maps the routes on the group <c>auth</c>.</summary>
    public static void Map(RouteMap auth)
    {
        auth.MapBody(CountersignRoute.LogIn, HttpMethods.Post, "/login", LoginAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Log in with a password")
            .WithDescription(
                "Begins a session. Takes JSON, or the form of OAuth 2.0's password flow as documentation pages send it: the form's other parameters and an "
                + "`Authorization` header are ignored. An unknown account, a wrong password, a locked and a deactivated account get the same answer. "
                + "After a right password the answer "
                + "names what is missing: a confirmed address or account, an initial password that has not expired, or a second factor.")
            .WithMetadata(PasswordFlowMetadata.Instance)
            .WithProblems(
                EndpointProblems.InvalidCredentials, EndpointProblems.EmailUnconfirmed, EndpointProblems.AccountUnconfirmed, EndpointProblems.PasswordExpired,
                EndpointProblems.MfaRequired, EndpointProblems.TokenTooLarge, LimitProblems.TooManyAttempts(AMinute));
        auth.MapBody(CountersignRoute.Refresh, HttpMethods.Post, "/refresh", RefreshAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Exchange a refresh token for a new pair")
            .WithDescription(
                "The token that was sent is replaced by the one in the answer. "
                + "A client that sends the same token twice within a short time gets the same pair.")
            .WithProblems([.. EndpointProblems.OfRefreshes, LimitProblems.TooManyRequests(AMinute)]);
        auth.MapBody(CountersignRoute.ExchangeToken, HttpMethods.Post, "/token", TokenAsync)
            .AllowAnonymousByDefault()
            .WithSummary("The token endpoint of OAuth 2.0")
            .WithDescription(
                "The same exchange as a refresh, in the form of RFC 6749 §6. "
                + "The only grant is `refresh_token`. Unknown parameters are ignored.")
            .WithMetadata(TokenEndpointMetadata.Instance, OAuthErrorMetadata.Instance)
            .WithProblems(
            [
                EndpointProblems.UnsupportedGrantType, EndpointProblems.ClientMismatch, EndpointProblems.ScopeInvalid, .. EndpointProblems.OfRefreshes,
                LimitProblems.TooManyRequests(AMinute),
            ]);
        auth.MapBody(CountersignRoute.ChangePassword, HttpMethods.Post, "/change-password", ChangePasswordAsync)
            .WithSummary("Change the password")
            .WithDescription("Every session of the account ends, this one too, and the answer has the tokens of a new one.")
            .WithProblems(
                EndpointProblems.WrongCurrentPassword, EndpointProblems.PasswordTooShort(ChangePasswordRequest.NewPasswordName), BearerProblems.AccountUnknown,
                EndpointProblems.AccountConflict, EndpointProblems.MfaRequired, EndpointProblems.TokenTooLarge, LimitProblems.TooManyAttempts(AMinute));
    }

    internal static async Task<Results<NoStoreJson<TokenResponse>, ProblemResult>> LoginAsync(
        Body<LoginRequest> body, SignInService signIn, HttpContext context, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return new ProblemResult(problem);
        }

        var client = ClientAddress.From(context);
        var login = await signIn.LogInAsync(request.Username, request.Password, request.RefreshToken, client, cancellationToken).ConfigureAwait(false);
        return login.TryGetTokens(out var tokens, out var error)
            ? new NoStoreJson<TokenResponse>(TokenResponse.Of(tokens))
            : new ProblemResult(EndpointProblems.Of(login, error.Value));
    }

    internal static async Task<Results<NoStoreJson<TokenResponse>, ProblemResult>> RefreshAsync(
        Body<RefreshRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken) =>
        body.TryGet(out var request, out var problem)
            ? await ExchangeAsync(request.RefreshToken, sessions, limits, context, cancellationToken).ConfigureAwait(false)
            : new ProblemResult(problem);

    internal static async Task<Results<NoStoreJson<TokenResponse>, ProblemResult>> TokenAsync(
        Body<TokenRequest> body, SessionService sessions, TokenPolicy policy, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return new ProblemResult(problem);
        }

        if (!string.Equals(request.GrantType, RefreshGrant, StringComparison.Ordinal))
        {
            return new ProblemResult(EndpointProblems.UnsupportedGrantType);
        }

        if (request.RefreshToken is null)
        {
            return new ProblemResult(BodyProblems.MembersMissing(TokenRequest.RefreshTokenMissing));
        }

        if (request.ClientId is { } client && !string.Equals(client, policy.ClientId, StringComparison.Ordinal))
        {
            return new ProblemResult(EndpointProblems.ClientMismatch);
        }

        return request.Scope is null
            ? await ExchangeAsync(request.RefreshToken, sessions, limits, context, cancellationToken).ConfigureAwait(false)
            : new ProblemResult(EndpointProblems.ScopeInvalid);
    }

    internal static async Task<Results<NoStoreJson<TokenResponse>, ProblemResult>> ChangePasswordAsync(
        Body<ChangePasswordRequest> body,
        CurrentUser user,
        SignInService signIn,
        IAccountEditor accounts,
        SessionService sessions,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return new ProblemResult(problem);
        }

        var client = ClientAddress.From(context);
        var check = await signIn.CheckByIdAsync(user.UserId, user.SessionId, request.CurrentPassword, client, cancellationToken).ConfigureAwait(false);
        if (!check.Succeeded)
        {
            return new ProblemResult(EndpointProblems.Of(check, EndpointProblems.WrongCurrentPassword));
        }

        if (PasswordRules.CheckChange(request.CurrentPassword, request.NewPassword) is { } unchanged)
        {
            return new ProblemResult(EndpointProblems.PasswordRefused([unchanged], ChangePasswordRequest.NewPasswordName));
        }

        var methods = LoginRequirement.FindClaims(context)?.Methods is { Count: > 0 } shown ? shown : [SignInService.PasswordMethod];
        var unfit = await sessions.CheckStartAsync(check.UserId, SignInService.Describe(client, check.Stamp, methods), cancellationToken).ConfigureAwait(false);
        if (unfit is not null)
        {
            return new ProblemResult(EndpointProblems.OfSession(unfit.Value));
        }

        var origin = new PasswordQueueKey(client.QueueNetwork, check.UserId);
        var change = await accounts.ChangePasswordAsync(
            check.UserId, request.NewPassword, check.Stamp, origin, MailRequests.From(context), cancellationToken).ConfigureAwait(false);
        if (!change.Succeeded)
        {
            return new ProblemResult(EndpointProblems.Of(change, ChangePasswordRequest.NewPasswordName));
        }

        // The password is changed and every session has ended. If the client goes away now, the new session must start all the same.
        var started = await sessions.StartAsync(check.UserId, SignInService.Describe(client, change.Stamp, methods), CancellationToken.None)
            .ConfigureAwait(false);
        return started.TryGetTokens(out var tokens, out var error)
            ? new NoStoreJson<TokenResponse>(TokenResponse.Of(tokens))
            : new ProblemResult(EndpointProblems.OfSession(error.Value));
    }

    private static async Task<Results<NoStoreJson<TokenResponse>, ProblemResult>> ExchangeAsync(
        string refreshToken, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var client = ClientAddress.From(context);
        if (limits.Refreshes.TryTake(client.Network) is { } retryAfter)
        {
            return new ProblemResult(LimitProblems.TooManyRequests(retryAfter));
        }

        var result = await sessions.RefreshAsync(refreshToken, client.Address, cancellationToken).ConfigureAwait(false);
        return result.TryGetTokens(out var tokens, out var error)
            ? new NoStoreJson<TokenResponse>(TokenResponse.Of(tokens))
            : new ProblemResult(EndpointProblems.Of(error.Value));
    }
}
