using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The problems of requests that could be read, with their status, code and text.</summary>
internal static class EndpointProblems
{
    private const string InvalidGrant = "invalid_grant";
    private const string InvalidRequest = "invalid_request";

    /// <summary>The password is not accepted, for whatever reason: a stranger can't find out which.</summary>
    public static readonly Problem InvalidCredentials = Grant(ReasonCodes.InvalidCredentials, "Incorrect e-mail, user name or password");

    /// <summary>The current password of an account that is logged in is wrong.</summary>
    public static readonly Problem WrongCurrentPassword = Grant(ReasonCodes.InvalidCredentials, "Incorrect password");

    /// <summary>The service does not know the grant. The password grant is one of these: first-party login has its own route (RFC 9700 §2.4).</summary>
    public static readonly Problem UnsupportedGrantType =
        Bad(ReasonCodes.UnsupportedGrantType, "The grant type is not supported") with { OAuthError = "unsupported_grant_type" };

    /// <summary>The token was issued to another client (RFC 6749 §5.2).</summary>
    public static readonly Problem ClientMismatch = Grant(ReasonCodes.ClientMismatch, "The token was issued to another client");

    /// <summary>The client asked for a scope, but there are none.</summary>
    public static readonly Problem ScopeInvalid = Bad(ReasonCodes.ScopeInvalid, "This service issues no scopes") with { OAuthError = "invalid_scope" };

    /// <summary>At a logout: the refresh token names no session of this service.</summary>
    public static readonly Problem RefreshTokenInvalid = Of(RefreshError.InvalidToken);

    /// <summary>At a logout everywhere: the session of the refresh token has ended already.</summary>
    public static readonly Problem SessionRevoked = Of(RefreshError.SessionRevoked);

    /// <summary>At a logout: the access token belongs to no session, so nothing can be ended.</summary>
    public static readonly Problem SessionMissing = Bad(ReasonCodes.TokenWithoutSession, "The token belongs to no session");

    /// <summary>No live session of the account has this id.</summary>
    public static readonly Problem SessionNotFound = new(StatusCodes.Status404NotFound, ReasonCodes.SessionNotFound, "There is no such session");

    /// <summary>The service has no issuer, so it has no metadata.</summary>
    public static readonly Problem IssuerNotConfigured = new(StatusCodes.Status404NotFound, ReasonCodes.IssuerNotConfigured, "This service has no issuer");

    /// <summary>The password is right, but the app requires a confirmed e-mail address.</summary>
    public static readonly Problem EmailUnconfirmed = Grant(ReasonCodes.EmailUnconfirmed, "The e-mail address is not confirmed yet");

    /// <summary>The password is right, but the app requires a confirmed account.</summary>
    public static readonly Problem AccountUnconfirmed = Grant(ReasonCodes.AccountUnconfirmed, "The account is not confirmed yet");

    /// <summary>The password is right, but it is an initial password that has expired.</summary>
    public static readonly Problem PasswordExpired = Grant(ReasonCodes.PasswordExpired, "The initial password has expired");

    /// <summary>The password is right, but the account requires a second factor.</summary>
    public static readonly Problem MfaRequired =
        new(StatusCodes.Status403Forbidden, ReasonCodes.MfaRequired, "A second factor is required") { OAuthError = "mfa_required", MfaMethods = [] };

    /// <summary>The account has too many or too long roles for a token.</summary>
    public static readonly Problem TokenTooLarge =
        new(StatusCodes.Status403Forbidden, ReasonCodes.TokenTooLarge, "The roles of the account do not fit into a token") { OAuthError = "access_denied" };

    /// <summary>The text is not an e-mail address that this service accepts.</summary>
    public static readonly Problem EmailInvalid =
        Member(ReasonCodes.EmailInvalid, "The e-mail address is not one that this service takes", "email", "Enter an e-mail address.");

    /// <summary>The e-mail address already belongs to an account.</summary>
    public static readonly Problem EmailTaken =
        new(StatusCodes.Status409Conflict, ReasonCodes.EmailTaken, "The e-mail address has an account already") { OAuthError = InvalidRequest };

    /// <summary>The app's accounts have no display name.</summary>
    public static readonly Problem DisplayNameUnsupported =
        Member(ReasonCodes.DisplayNameUnsupported, "Accounts have no display name here", "display_name", "Leave this out.");

    /// <summary>The display name is too long or has characters that can't be seen.</summary>
    public static readonly Problem DisplayNameInvalid =
        Member(ReasonCodes.DisplayNameInvalid, "The display name can not be used", "display_name", "Use up to 128 visible characters.");

    /// <summary>The token of a mail is unknown, expired, used, replaced by a newer one, or for something else. The answer does not say which.</summary>
    public static readonly Problem MailTokenInvalid = Grant(ReasonCodes.MailTokenInvalid, "The link is not valid any more");

    /// <summary>Another request changed the account at the same time.</summary>
    public static readonly Problem AccountConflict =
        new(StatusCodes.Status409Conflict, ReasonCodes.AccountConflict, "The account was changed at the same time, try again");

    /// <summary>A fault of the service. Its log says more, the answer does not.</summary>
    public static readonly Problem InternalError =
        new(StatusCodes.Status500InternalServerError, ReasonCodes.InternalError, "The server failed; its log says more");

    /// <summary>All problems of a refresh.</summary>
    public static IReadOnlyList<Problem> OfRefreshes { get; } = [.. Enum.GetValues<RefreshError>().Select(Of)];

    /// <summary>The problem of a refresh.</summary>
    public static Problem Of(RefreshError error)
    {
        var code = error.ToCode();
        return error == RefreshError.TokenTooLarge ? TokenTooLarge : Grant(code, Problem.InWords(code));
    }

    /// <summary>The problem of a new session for an account that is logged in already.</summary>
    public static Problem OfSession(SessionStartError error) => error switch
    {
        SessionStartError.AccountUnknown => BearerProblems.AccountUnknown,
        SessionStartError.AccountInactive or SessionStartError.AccountLocked => BearerProblems.AccountInactive,
        SessionStartError.AccountChanged => AccountConflict,
        _ => Of(error),
    };

    /// <summary>The problem of a login whose credential was right.</summary>
    /// <param name="error">Why no session was started.</param>
    public static Problem Of(SessionStartError error) => error switch
    {
        SessionStartError.EmailUnconfirmed => EmailUnconfirmed,
        SessionStartError.AccountUnconfirmed => AccountUnconfirmed,
        SessionStartError.PasswordExpired => PasswordExpired,
        SessionStartError.SecondFactorRequired => MfaRequired,
        SessionStartError.TokenTooLarge => TokenTooLarge,

        // The account was changed, locked or deactivated while its password was compared. The answer is the same as for a login a moment later.
        _ => InvalidCredentials,
    };

    /// <summary>The problem of a login.</summary>
    /// <param name="login">A login that has failed.</param>
    /// <param name="error">Why no session was started.</param>
    public static Problem Of(in LoginResult login, SessionStartError error) =>
        !login.Check.Succeeded ? Of(login.Check, InvalidCredentials)
        : login.Refusal is { } refusal ? Of(refusal)
        : Of(error);

    /// <summary>The problem of a sign-up or a login that the app refuses.</summary>
    public static Problem Of(AccountRefusal refusal) =>
        new(StatusCodes.Status403Forbidden, refusal.Code, refusal.Detail) { OAuthError = "access_denied", IsOfTheApp = true };

    /// <summary>The problem of a password check.</summary>
    /// <param name="check">A check that has failed.</param>
    /// <param name="wrong">The problem for a wrong password.</param>
    public static Problem Of(in PasswordCheck check, Problem wrong) => check.Fault == SignInError.TooManyAttempts
        ? LimitProblems.TooManyAttempts(check.RetryAfter)
        : wrong;

    /// <summary>The problem of a change to an account.</summary>
    /// <param name="change">A change that has failed.</param>
    /// <param name="passwordMember">The member of the body with the password.</param>
    public static Problem Of(in AccountChange change, string passwordMember = RegisterRequest.PasswordName) => change.Fault switch
    {
        AccountError.EmailInvalid => EmailInvalid,
        AccountError.EmailTaken => EmailTaken,
        AccountError.PasswordRefused => PasswordRefused(change.Violations, passwordMember),
        AccountError.DisplayNameUnsupported => DisplayNameUnsupported,
        AccountError.DisplayNameInvalid => DisplayNameInvalid,
        AccountError.Conflict => AccountConflict,
        AccountError.Refused => Of(change.Refusal!),
        _ => BearerProblems.AccountUnknown,
    };

    /// <summary>The problem of a new password.</summary>
    /// <param name="violations">The rules that it breaks.</param>
    /// <param name="member">The member of the body with the password.</param>
    public static Problem PasswordRefused(IReadOnlyList<PasswordRuleViolation> violations, string member) =>
        Bad(ReasonCodes.PasswordRefused, "The password can not be used") with
        {
            OAuthError = InvalidRequest,
            Errors = [new MemberFaults(member, [.. violations.Select(static violation => new MemberFault(violation.Code, violation.Message))])],
        };

    /// <summary>The problem of a new password that is too short. Descriptions of routes use it as the example for all rules.</summary>
    public static Problem PasswordTooShort(string member) =>
        PasswordRefused([new PasswordRuleViolation(PasswordRule.TooShort, ReasonCodes.PasswordTooShort, "Use at least 8 characters.")], member);

    private static Problem Member(string code, string detail, string member, string message) =>
        Bad(code, detail) with { OAuthError = InvalidRequest, Errors = [new MemberFaults(member, [new MemberFault(code, message)])] };

    private static Problem Grant(string code, string detail) => Bad(code, detail) with { OAuthError = InvalidGrant };

    private static Problem Bad(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
