using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Refusals;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Refusals of requests that were understood: which status, which code, which words.</summary>
internal static class EndpointRefusals
{
    private const string InvalidGrant = "invalid_grant";
    private const string InvalidRequest = "invalid_request";

    /// <summary>A password that is not the account's, whatever the reason: a stranger learns nothing from it.</summary>
    public static readonly Refusal InvalidCredentials = Grant("invalid_credentials", "Incorrect e-mail, user name or password");

    /// <summary>The current password of an account that is logged in is another one.</summary>
    public static readonly Refusal WrongCurrentPassword = Grant("invalid_credentials", "Incorrect password");

    /// <summary>A grant that this service does not know. That of the password is one: first-party login has its own route (RFC 9700 §2.4).</summary>
    public static readonly Refusal UnsupportedGrantType =
        Bad("unsupported_grant_type", "The grant type is not supported") with { OAuthError = "unsupported_grant_type" };

    /// <summary>The token was issued to another client (RFC 6749 §5.2).</summary>
    public static readonly Refusal ClientMismatch = Grant("client_mismatch", "The token was issued to another client");

    /// <summary>There are no scopes, so none can be asked for.</summary>
    public static readonly Refusal ScopeInvalid = Bad("scope_invalid", "This service issues no scopes") with { OAuthError = "invalid_scope" };

    /// <summary>A refresh token that names no session of ours, at a logout.</summary>
    public static readonly Refusal RefreshTokenInvalid = Of(RefreshError.InvalidToken);

    /// <summary>A logout everywhere by the refresh token of a session that is over.</summary>
    public static readonly Refusal SessionRevoked = Of(RefreshError.SessionRevoked);

    /// <summary>A logout by a token that no session stands behind: there is nothing that could be ended.</summary>
    public static readonly Refusal SessionMissing = Bad("token_without_session", "The token belongs to no session");

    /// <summary>No live session of the account has this id.</summary>
    public static readonly Refusal SessionNotFound = new(StatusCodes.Status404NotFound, "session_not_found", "There is no such session");

    /// <summary>The service has no issuer, so it can't say what it is.</summary>
    public static readonly Refusal IssuerNotConfigured = new(StatusCodes.Status404NotFound, "issuer_not_configured", "This service has no issuer");

    /// <summary>More of one kind of work than a network may ask for. Nothing was looked at, so that a client keeps its token and sends the same again.</summary>
    /// <param name="retryAfter">When another try is worthwhile.</param>
    public static Refusal TooManyRequests(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many requests from this network, try again later")
        {
            OAuthError = "temporarily_unavailable",
            RetryAfter = retryAfter,
        };

    /// <summary>The refusal of a refresh.</summary>
    public static Refusal Of(RefreshError error)
    {
        var code = error.ToCode();
        return Grant(code, Refusal.InWords(code));
    }

    /// <summary>The refusal of a password.</summary>
    /// <param name="check">A check that has failed.</param>
    /// <param name="wrong">What a wrong password is answered with.</param>
    public static Refusal Of(in PasswordCheck check, Refusal wrong) => check.Fault == PasswordCheckFault.TooManyFromNetwork
        ? new Refusal(StatusCodes.Status429TooManyRequests, "too_many_attempts", "Too many attempts, try again later")
        {
            OAuthError = "temporarily_unavailable",
            RetryAfter = check.RetryAfter,
        }
        : wrong;

    /// <summary>The refusal of a change to an account.</summary>
    /// <param name="change">A change that has failed.</param>
    /// <param name="passwordMember">The member that the password came in.</param>
    public static Refusal Of(in AccountChange change, string passwordMember = RegisterRequest.PasswordName) => change.Fault switch
    {
        AccountFault.EmailInvalid => Member("email_invalid", "The e-mail address is not one that this service takes", "email", "Enter an e-mail address."),
        AccountFault.EmailTaken => new Refusal(StatusCodes.Status409Conflict, "email_taken", "The e-mail address has an account already") { OAuthError = InvalidRequest },
        AccountFault.PasswordRefused => PasswordRefused(change.Violations, passwordMember),
        AccountFault.DisplayNameUnsupported => Member("display_name_unsupported", "Accounts have no display name here", "display_name", "Leave this out."),
        AccountFault.DisplayNameInvalid => Member("display_name_invalid", "The display name can not be used", "display_name", "Use up to 128 visible characters."),
        AccountFault.Conflict => new Refusal(StatusCodes.Status409Conflict, "account_conflict", "The account was changed at the same time, try again"),
        _ => BearerRefusals.AccountUnknown,
    };

    private static Refusal PasswordRefused(IReadOnlyList<PasswordRuleViolation> violations, string member) =>
        Bad("password_refused", "The password can not be used") with
        {
            OAuthError = InvalidRequest,
            Errors = [new MemberFaults(member, [.. violations.Select(static violation => new MemberFault(violation.Code, violation.Message))])],
        };

    private static Refusal Member(string code, string detail, string member, string message) =>
        Bad(code, detail) with { OAuthError = InvalidRequest, Errors = [new MemberFaults(member, [new MemberFault(code, message)])] };

    private static Refusal Grant(string code, string detail) => Bad(code, detail) with { OAuthError = InvalidGrant };

    private static Refusal Bad(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
