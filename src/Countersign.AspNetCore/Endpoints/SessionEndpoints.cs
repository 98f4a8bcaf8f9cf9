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
    /// <summary>After it, a network's refresh tokens are counted anew.</summary>
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    /// <summary>Maps the routes onto the group of authentication.</summary>
    public static void Map(IEndpointRouteBuilder auth)
    {
        // These two ask for a credential themselves: a bearer token is only one of those that they take.
        auth.MapBody(HttpMethods.Post, "/logout", LogoutAsync).AllowAnonymous()
            .Named("logOut")
            .WithSummary("End the session")
            .WithDescription(
                "By its refresh token in the body, which also works when the access token has expired, or by the bearer token of a request without a body. "
                + "Its access token is refused from then on.")
            .WithMetadata(BearerOptionalMetadata.Instance)
            .Refuses([.. BearerRefusals.OfTokens, EndpointRefusals.RefreshTokenInvalid, EndpointRefusals.SessionMissing, EndpointRefusals.TooManyRequests(AMinute)]);
        auth.MapBody(HttpMethods.Post, "/logout-all", LogoutAllAsync).AllowAnonymous()
            .Named("logOutEverywhere")
            .WithSummary("End every session of the account")
            .WithDescription("By the refresh token of a live session in the body, or by the bearer token of a request without a body.")
            .WithMetadata(BearerOptionalMetadata.Instance)
            .Refuses([.. BearerRefusals.OfTokens, EndpointRefusals.RefreshTokenInvalid, EndpointRefusals.SessionRevoked, EndpointRefusals.TooManyRequests(AMinute)]);
        auth.MapGet("/sessions", ListAsync)
            .LimitedBySession()
            .Named("listSessions")
            .WithSummary("List the account's live sessions, newest first");
        auth.MapDelete("/sessions", RevokeOthersAsync)
            .LimitedBySession()
            .Named("endOtherSessions")
            .WithSummary("End every session of the account but this one")
            .WithDescription("For a person who finds a stranger in the list. To end this one too there is `/auth/logout-all`.");
        auth.MapDelete("/sessions/{id}", RevokeAsync)
            .LimitedBySession()
            .Named("endSession")
            .WithSummary("End one of the account's sessions")
            .WithMetadata(new RouteParameter("id", "The session's id, as the list has it.") { Format = "uuid" })
            .Refuses(EndpointRefusals.SessionNotFound);
    }

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
        await sessions.LogOutAsync(session, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
        return EmptyAnswer.Instance;
    }

    internal static async Task<Results<EmptyAnswer, ProblemResult, ChallengeHttpResult>> LogoutAllAsync(
        Body<LogoutRequest> body, SessionService sessions, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
    {
        var found = await IdentifyAsync(body, sessions, limits, context, cancellationToken).ConfigureAwait(false);
        if (found.Owner is not { } owner)
        {
            return found.Refusal is null ? Challenge() : new ProblemResult(found.Refusal);
        }

        if (owner.SessionId is { } session)
        {
            switch (await sessions.FindAsync(session, cancellationToken).ConfigureAwait(false))
            {
                case { State.RevokedReason: not null }:
                    // Whoever was logged out, or was found to be a thief, must not end the sessions that came after.
                    return new ProblemResult(EndpointRefusals.SessionRevoked);
                case null:
                    // Of an access token that is good: a refresh token is identified by its row. What follows ends the sessions that have one.
                    await sessions.LogOutAsync(session, RevocationReason.LoggedOutEverywhere, cancellationToken).ConfigureAwait(false);
                    break;
            }
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
        return new Answer<SessionListAnswer>(SessionListAnswer.Of(found, page.Limit, user.SessionId));
    }

    internal static async Task<EmptyAnswer> RevokeOthersAsync(CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        await sessions.RevokeOthersAsync(user.UserId, user.SessionId, RevocationReason.LoggedOutEverywhere, cancellationToken).ConfigureAwait(false);
        return EmptyAnswer.Instance;
    }

    internal static async Task<Results<EmptyAnswer, ProblemResult>> RevokeAsync(
        string id, CurrentUser user, SessionService sessions, CancellationToken cancellationToken)
    {
        var isId = Guid.TryParseExact(id, "D", out var sessionId);
        if (isId && sessionId == user.SessionId)
        {
            // A logout by another name.
            await sessions.LogOutAsync(sessionId, RevocationReason.LoggedOut, cancellationToken).ConfigureAwait(false);
            return EmptyAnswer.Instance;
        }

        // Another account's session and none at all are the same answer.
        var ended = isId
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
        return result.Succeeded && BearerToken.FindOwn(context) is { } token
            ? (new Owner(token.Claims.Subject, token.Claims.SessionId), null)
            : (null, null);
    }

    private static ChallengeHttpResult Challenge() => TypedResults.Challenge(authenticationSchemes: [BearerDefaults.AuthenticationScheme]);

    private sealed record Owner(string UserId, Guid? SessionId);
}
