using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Clients;

/// <summary>The problems that clients get, with their status, code and text.</summary>
internal static class ClientProblems
{
    private const string InvalidRequest = "invalid_request";

    /// <summary>
    /// No client, an unknown client, a wrong secret, or a credential of another kind (RFC 6749 §5.2). All get the same answer, so that an attacker can't find
    /// out which clients exist.
    /// </summary>
    public static readonly Problem InvalidClient = new(StatusCodes.Status401Unauthorized, ReasonCodes.InvalidClient, "The client could not be authenticated")
    {
        OAuthError = "invalid_client",
        Challenge = "Basic realm=\"clients\", charset=\"UTF-8\"",
    };

    /// <summary>The client authenticates by two methods, or under two ids (RFC 6749 §2.3).</summary>
    public static readonly Problem AuthenticationRepeated =
        new(StatusCodes.Status400BadRequest, ReasonCodes.ClientAuthenticationRepeated, "Authenticate the client in one way") { OAuthError = InvalidRequest };

    /// <summary>The request has more than one <c>Authorization</c> header; RFC 9110 §11.6.2 allows one.</summary>
    public static readonly Problem AuthorizationRepeated =
        new(StatusCodes.Status400BadRequest, ReasonCodes.AuthorizationRepeated, "Send one Authorization header") { OAuthError = InvalidRequest };

    /// <summary>The token names no session, so it can't be ended before it expires (RFC 7009 §2.2.1).</summary>
    public static readonly Problem UnsupportedTokenType =
        new(StatusCodes.Status400BadRequest, ReasonCodes.UnsupportedTokenType, "This token belongs to no session and can not be revoked")
        {
            OAuthError = "unsupported_token_type",
        };
}
