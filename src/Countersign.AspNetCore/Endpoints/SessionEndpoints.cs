using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The routes for logout and for the list of an account's sessions.</summary>
internal static class SessionEndpoints
{
    /// <summary>The longest wait until a network may send refresh tokens again.</summary>
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private static readonly AcceptsStaleTokenMetadata AcceptsStale = new(LoginRequirement.Policy);

    /// <summary>Maps the routes on the group <c>auth</c>.</summary>
    public static void Map(RouteMap auth)
    {
        // These two routes check the credential themselves, because they accept more than a bearer token.
        auth.MapBody(CountersignRoute.LogOut, HttpMethods.Post, "/logout", LogoutAsync)
            .AllowAnonymousByDefault()
            .WithSummary("End the session")
            .WithDescription(
                "By any refresh token of it in the body, also an old one, which works when the access token has expired, "
                + "or by the bearer token of a request without a body. "
                + "Its access token is refused from then on.")
            .WithMetadata(BearerOptionalMetadata.Instance, AcceptsStale)
            .WithProblems(
            [
                .. BearerProblems.OfTokens, EndpointProblems.RefreshTokenInvalid, EndpointProblems.SessionMissing,
                LimitProblems.TooManyRequests(AMinute),
            ]);
        auth.MapBody(CountersignRoute.LogOutEverywhere, HttpMethods.Post, "/logout-all", LogoutAllAsync)
            .AllowAnonymousByDefault()
            .WithSummary("End every session of the account")
            .WithDescription(
                "By a refresh token in the body that `/auth/refresh` would take, or by the bearer token of a request without a body. "
                + "A refresh token that was left behind "
                + "ends its own session alone, as at a refresh.")
            .WithMetadata(BearerOptionalMetadata.Instance, AcceptsStale)
            .WithProblems([.. BearerProblems.OfTokens, .. EndpointProblems.OfRefreshes, LimitProblems.TooManyRequests(AMinute)]);
        auth.MapGet(CountersignRoute.ListSessions, "/sessions", ListAsync)
            .LimitedBySession()
            .WithMetadata(AcceptsStale)
            .WithSummary("List the account's live sessions, newest first");
        auth.MapDelete(CountersignRoute.EndOtherSessions, "/sessions", RevokeOthersAsync)
            .LimitedBySession()
            .WithMetadata(AcceptsStale)
            .WithSummary("End every session of the account but this one")
            .WithDescription("For a person who finds a stranger in the list. To end this one too there is `/auth/logout-all`.");
        auth.MapDelete(CountersignRoute.EndSession, "/sessions/{id}", RevokeAsync)
            .LimitedBySession()
            .WithMetadata(AcceptsStale)
            .WithSummary("End one of the account's sessions")
            .WithMetadata(new RouteParameter("id", "The session's id, as the list has it.") { Format = "uuid" })
            .WithProblems(EndpointProblems.SessionNotFound);
    }

    internal static async Task<Results<NoContentResponse, ProblemResult, ChallengeHttpResult>> LogoutAsync(
        Body<LogoutRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        if (IsRefused(body, limits, context, out var refreshToken, out var problem))
        {
            return new ProblemResult(problem);
        }

        if (refreshToken is not null)
        {
            // If the session has ended already, the logout still succeeds.
            return await sessions.LogOutAsync(refreshToken, ClientAddress.From(context).Address, cancellationToken).ConfigureAwait(false)
                ? NoContentResponse.Instance
                : new ProblemResult(EndpointProblems.RefreshTokenInvalid);
        }

        if (await FindBearerAsync(context).ConfigureAwait(false) is not { } owner)
        {
            return Challenge();
        }

        if (owner.SessionId is not { } session)
        {
            return new ProblemResult(EndpointProblems.SessionMissing);
        }

        await sessions.LogOutAsync(session, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
        return NoContentResponse.Instance;
    }

    internal static async Task<Results<NoContentResponse, ProblemResult, ChallengeHttpResult>> LogoutAllAsync(
        Body<LogoutRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        if (IsRefused(body, limits, context, out var refreshToken, out var problem))
        {
            return new ProblemResult(problem);
        }

        if (refreshToken is not null)
        {
            return await sessions.LogOutEverywhereAsync(refreshToken, ClientAddress.From(context).Address, cancellationToken).ConfigureAwait(false) is { } error
                ? new ProblemResult(EndpointProblems.Of(error))
                : NoContentResponse.Instance;
        }

        if (await FindBearerAsync(context).ConfigureAwait(false) is not { } owner)
        {
            return Challenge();
        }

        if (owner.SessionId is { } session)
        {
            switch (await sessions.FindAsync(session, cancellationToken).ConfigureAwait(false))
            {
                case { State.RevokedReason: not null }:
                    // A client that was logged out, or whose token was stolen, must not end the sessions that began later.
                    return new ProblemResult(EndpointProblems.SessionRevoked);
                case null:
                    // The access token is good. The rest ends the sessions that have a row.
                    await sessions.LogOutAsync(session, RevocationReason.LoggedOutEverywhere, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }

        await sessions.RevokeUserAsync(owner.UserId, RevocationReason.LoggedOutEverywhere, cancellationToken).ConfigureAwait(false);
        return NoContentResponse.Instance;
    }

    internal static async Task<Results<NoStoreJson<SessionListResponse>, ProblemResult>> ListAsync(
        PageQuery page, CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        if (page.IsRefused(out var problem))
        {
            return new ProblemResult(problem);
        }

        var found = await sessions.ListAsync(user.UserId, page.Before, page.Limit + 1, cancellationToken).ConfigureAwait(false);
        return new NoStoreJson<SessionListResponse>(SessionListResponse.Of(found, page.Limit, user.SessionId));
    }

    internal static async Task<NoContentResponse> RevokeOthersAsync(CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.RevokeOthersAsync(user.UserId, user.SessionId, RevocationReason.LoggedOutEverywhere, cancellationToken).ConfigureAwait(false);
        return NoContentResponse.Instance;
    }

    internal static async Task<Results<NoContentResponse, ProblemResult>> RevokeAsync(
        string id, CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        var isId = Guid.TryParseExact(id, "D", out var sessionId);
        if (isId && sessionId == user.SessionId)
        {
            // To end the current session is a logout.
            await sessions.LogOutAsync(sessionId, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
            return NoContentResponse.Instance;
        }

        // A session of another account and an unknown session get the same answer.
        var ended = isId
            && await sessions.FindAsync(sessionId, cancellationToken).ConfigureAwait(false) is { } session
            && string.Equals(session.UserId, user.UserId, StringComparison.Ordinal)
            && await sessions.RevokeAsync(sessionId, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
        return ended ? NoContentResponse.Instance : new ProblemResult(EndpointProblems.SessionNotFound);
    }

    /// <summary>
    /// Finds out which credential a logout uses. A refresh token in the body is enough: a client still has it when its access token has expired.
    /// </summary>
    /// <param name="body">The request's body.</param>
    /// <param name="limits">Counts a network's refresh tokens.</param>
    /// <param name="context">The request.</param>
    /// <param name="refreshToken">The refresh token; null if the bearer token is the credential.</param>
    /// <param name="problem">Why the logout is refused before its token is checked; null if it is not.</param>
    private static bool IsRefused(
        Body<LogoutRequest> body, NetworkLimits limits, HttpContext context, out string? refreshToken, [NotNullWhen(true)] out Problem? problem)
    {
        refreshToken = null;
        if (!body.TryGet(out var request, out problem))
        {
            return true;
        }

        refreshToken = request.RefreshToken;
        problem = refreshToken is not null && limits.Refreshes.TryTake(ClientAddress.From(context).Network) is { } retryAfter
            ? LimitProblems.TooManyRequests(retryAfter)
            : null;
        return problem is not null;
    }

    private static async Task<Owner?> FindBearerAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(CountersignBearerDefaults.AuthenticationScheme).ConfigureAwait(false);
        return result.Succeeded && BearerToken.FindOwn(context) is { } token ? new Owner(token.Claims.Subject, token.Claims.SessionId) : null;
    }

    private static ChallengeHttpResult Challenge() => TypedResults.Challenge(authenticationSchemes: [CountersignBearerDefaults.AuthenticationScheme]);

    private sealed record Owner(string UserId, Guid? SessionId);
}
