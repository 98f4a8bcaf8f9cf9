using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Clients;

/// <summary>Refusals of clients: which status, which code, which words.</summary>
internal static class ClientProblems
{
    private const string InvalidRequest = "invalid_request";

    /// <summary>
    /// No client, an unknown one, a wrong secret, or a credential of another kind (RFC 6749 §5.2): all one answer, so that nobody learns which clients there
    /// are.
    /// </summary>
    public static readonly Problem InvalidClient = new(StatusCodes.Status401Unauthorized, ReasonCodes.InvalidClient, "The client could not be authenticated")
    {
        OAuthError = "invalid_client",
        Challenge = "Basic realm=\"clients\", charset=\"UTF-8\"",
    };

    /// <summary>A client that authenticates in two ways, or under two ids (RFC 6749 §2.3).</summary>
    public static readonly Problem AuthenticationRepeated =
        new(StatusCodes.Status400BadRequest, ReasonCodes.ClientAuthenticationRepeated, "Authenticate the client in one way") { OAuthError = InvalidRequest };

    /// <summary>More than one <c>Authorization</c> header (RFC 9110 §11.6.2 knows one).</summary>
    public static readonly Problem AuthorizationRepeated =
        new(StatusCodes.Status400BadRequest, ReasonCodes.AuthorizationRepeated, "Send one Authorization header") { OAuthError = InvalidRequest };

    /// <summary>A token that names no session: nothing can end it before it expires (RFC 7009 §2.2.1).</summary>
    public static readonly Problem UnsupportedTokenType =
        new(StatusCodes.Status400BadRequest, ReasonCodes.UnsupportedTokenType, "This token belongs to no session and can not be revoked") { OAuthError = "unsupported_token_type" };
}
