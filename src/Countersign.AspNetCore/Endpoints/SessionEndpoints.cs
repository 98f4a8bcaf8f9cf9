using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Answers;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer;
using Countersign.Bearer.Refusals;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Logout, and the sessions that an account has.</summary>
internal static class SessionEndpoints
{
    /// <summary>Maps the routes onto the group of authentication.</summary>
    public static void Map(IEndpointRouteBuilder auth)
    {
        // These two ask for a credential themselves: a bearer token is only one of those that they take.
        auth.MapBody(HttpMethods.Post, "/logout", LogoutAsync).AllowAnonymous().WithSummary("End the session, by its bearer or its refresh token");
        auth.MapBody(HttpMethods.Post, "/logout-all", LogoutAllAsync).AllowAnonymous().WithSummary("End every session of the account");
        auth.MapGet("/sessions", ListAsync).WithSummary("List the account's live sessions, newest first");
        auth.MapDelete("/sessions/{id}", RevokeAsync).WithSummary("End one of the account's sessions");
    }

    [Refuses(StatusCodes.Status401Unauthorized)]
    [Refuses(StatusCodes.Status429TooManyRequests)]
    internal static async Task<Results<EmptyAnswer, ProblemResult, ChallengeHttpResult>> LogoutAsync(
        Body<LogoutRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var found = await IdentifyAsync(body, sessions, limits, context, cancellationToken).ConfigureAwait(false);
        if (found.Owner is not { } owner)
        {
            return found.Refusal is null ? Challenge() : new ProblemResult(found.Refusal);
        }

        if (owner.SessionId is not { } session)
        {
            return new ProblemResult(EndpointRefusals.SessionMissing);
        }

        // A session that is over already is what was asked for.
        await sessions.RevokeAsync(session, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
        return EmptyAnswer.Instance;
    }

    [Refuses(StatusCodes.Status401Unauthorized)]
    [Refuses(StatusCodes.Status429TooManyRequests)]
    internal static async Task<Results<EmptyAnswer, ProblemResult, ChallengeHttpResult>> LogoutAllAsync(
        Body<LogoutRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var found = await IdentifyAsync(body, sessions, limits, context, cancellationToken).ConfigureAwait(false);
        if (found.Owner is not { } owner)
        {
            return found.Refusal is null ? Challenge() : new ProblemResult(found.Refusal);
        }

        // Whoever was logged out, or was found to be a thief, must not end the sessions that came after.
        if (owner.SessionId is { } session
            && await sessions.FindAsync(session, cancellationToken).ConfigureAwait(false) is not { State.RevokedReason: null })
        {
            return new ProblemResult(EndpointRefusals.SessionRevoked);
        }

        await sessions.RevokeAllAsync(owner.UserId, RevocationReason.LoggedOutEverywhere, cancellationToken).ConfigureAwait(false);
        return EmptyAnswer.Instance;
    }

    internal static async Task<Results<Answer<SessionListAnswer>, ProblemResult>> ListAsync(
        PageQuery page, CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        if (page.IsRefused(out var refusal))
        {
            return new ProblemResult(refusal);
        }

        var found = await sessions.ListAsync(user.UserId, page.Before, page.Limit + 1, cancellationToken).ConfigureAwait(false);
        return new Answer<SessionListAnswer>(new SessionListAnswer(found, page.Limit, user.SessionId));
    }

    [Refuses(StatusCodes.Status404NotFound)]
    internal static async Task<Results<EmptyAnswer, ProblemResult>> RevokeAsync(
        string id, CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        // Another account's session and none at all are the same answer.
        var ended = Guid.TryParseExact(id, "D", out var sessionId)
            && await sessions.FindAsync(sessionId, cancellationToken).ConfigureAwait(false) is { } session
            && string.Equals(session.UserId, user.UserId, StringComparison.Ordinal)
            && await sessions.RevokeAsync(sessionId, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
        return ended ? EmptyAnswer.Instance : new ProblemResult(EndpointRefusals.SessionNotFound);
    }

    /// <summary>Finds out who logs out. A refresh token in the body says it alone: it is what a client still holds when its access token has expired.</summary>
    private static async Task<(Owner? Owner, Refusal? Refusal)> IdentifyAsync(
        Body<LogoutRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var refusal))
        {
            return (null, refusal);
        }

        if (request.RefreshToken is { } refreshToken)
        {
            if (limits.Refreshes.TryTake(ClientAddress.From(context).Network) is { } retryAfter)
            {
                return (null, EndpointRefusals.TooManyRequests(retryAfter));
            }

            return await sessions.IdentifyAsync(refreshToken, cancellationToken).ConfigureAwait(false) is { } owner
                ? (new Owner(owner.UserId, owner.SessionId), null)
                : (null, EndpointRefusals.RefreshTokenInvalid);
        }

        var result = await context.AuthenticateAsync(BearerDefaults.AuthenticationScheme).ConfigureAwait(false);
        return result.Succeeded && context.Features.Get<BearerToken>() is { } token
            ? (new Owner(token.Claims.Subject, token.Claims.SessionId), null)
            : (null, null);
    }

    private static ChallengeHttpResult Challenge() => TypedResults.Challenge(authenticationSchemes: [BearerDefaults.AuthenticationScheme]);

    private sealed record Owner(string UserId, Guid? SessionId);
}
