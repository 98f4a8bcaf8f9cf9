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

/// <summary>Refusals of requests that were understood: which status, which code, which words.</summary>
internal static class EndpointProblems
{
    private const string InvalidGrant = "invalid_grant";
    private const string InvalidRequest = "invalid_request";

    /// <summary>A password that is not the account's, whatever the reason: a stranger learns nothing from it.</summary>
    public static readonly Problem InvalidCredentials = Grant(ReasonCodes.InvalidCredentials, "Incorrect e-mail, user name or password");

    /// <summary>The current password of an account that is logged in is another one.</summary>
    public static readonly Problem WrongCurrentPassword = Grant(ReasonCodes.InvalidCredentials, "Incorrect password");

    /// <summary>A grant that this service does not know. That of the password is one: first-party login has its own route (RFC 9700 §2.4).</summary>
    public static readonly Problem UnsupportedGrantType =
        Bad(ReasonCodes.UnsupportedGrantType, "The grant type is not supported") with { OAuthError = "unsupported_grant_type" };

    /// <summary>The token was issued to another client (RFC 6749 §5.2).</summary>
    public static readonly Problem ClientMismatch = Grant(ReasonCodes.ClientMismatch, "The token was issued to another client");

    /// <summary>There are no scopes, so none can be asked for.</summary>
    public static readonly Problem ScopeInvalid = Bad(ReasonCodes.ScopeInvalid, "This service issues no scopes") with { OAuthError = "invalid_scope" };

    /// <summary>A refresh token that names no session of ours, at a logout.</summary>
    public static readonly Problem RefreshTokenInvalid = Of(RefreshError.InvalidToken);

    /// <summary>A logout everywhere by the refresh token of a session that is over.</summary>
    public static readonly Problem SessionRevoked = Of(RefreshError.SessionRevoked);

    /// <summary>A logout by a token that no session stands behind: there is nothing that could be ended.</summary>
    public static readonly Problem SessionMissing = Bad(ReasonCodes.TokenWithoutSession, "The token belongs to no session");

    /// <summary>No live session of the account has this id.</summary>
    public static readonly Problem SessionNotFound = new(StatusCodes.Status404NotFound, ReasonCodes.SessionNotFound, "There is no such session");

    /// <summary>The service has no issuer, so it can't say what it is.</summary>
    public static readonly Problem IssuerNotConfigured = new(StatusCodes.Status404NotFound, ReasonCodes.IssuerNotConfigured, "This service has no issuer");

    /// <summary>The password is right, and the app lets in confirmed addresses alone.</summary>
    public static readonly Problem EmailUnconfirmed = Grant(ReasonCodes.EmailUnconfirmed, "The e-mail address is not confirmed yet");

    /// <summary>The password is right, and the app lets in confirmed accounts alone.</summary>
    public static readonly Problem AccountUnconfirmed = Grant(ReasonCodes.AccountUnconfirmed, "The account is not confirmed yet");

    /// <summary>The password is right, and it was an initial one whose time is over.</summary>
    public static readonly Problem PasswordExpired = Grant(ReasonCodes.PasswordExpired, "The initial password has expired");

    /// <summary>The password is right, and the account has a second factor.</summary>
    public static readonly Problem MfaRequired =
        new(StatusCodes.Status403Forbidden, ReasonCodes.MfaRequired, "A second factor is required") { OAuthError = "mfa_required", MfaMethods = [] };

    /// <summary>The account has more or longer roles than a token can name.</summary>
    public static readonly Problem TokenTooLarge =
        new(StatusCodes.Status403Forbidden, ReasonCodes.TokenTooLarge, "The roles of the account do not fit into a token") { OAuthError = "access_denied" };

    /// <summary>The address is none.</summary>
    public static readonly Problem EmailInvalid =
        Member(ReasonCodes.EmailInvalid, "The e-mail address is not one that this service takes", "email", "Enter an e-mail address.");

    /// <summary>The address has an account.</summary>
    public static readonly Problem EmailTaken =
        new(StatusCodes.Status409Conflict, ReasonCodes.EmailTaken, "The e-mail address has an account already") { OAuthError = InvalidRequest };

    /// <summary>The app's accounts have no display name.</summary>
    public static readonly Problem DisplayNameUnsupported =
        Member(ReasonCodes.DisplayNameUnsupported, "Accounts have no display name here", "display_name", "Leave this out.");

    /// <summary>Nobody can be called so.</summary>
    public static readonly Problem DisplayNameInvalid =
        Member(ReasonCodes.DisplayNameInvalid, "The display name can not be used", "display_name", "Use up to 128 visible characters.");

    /// <summary>Somebody else changed the account meanwhile.</summary>
    public static readonly Problem AccountConflict =
        new(StatusCodes.Status409Conflict, ReasonCodes.AccountConflict, "The account was changed at the same time, try again");

    /// <summary>A fault of the service. Its log says more, the answer does not.</summary>
    public static readonly Problem InternalError = new(StatusCodes.Status500InternalServerError, ReasonCodes.InternalError, "The server failed; its log says more");

    /// <summary>Every refusal of a refresh.</summary>
    public static IReadOnlyList<Problem> OfRefreshes { get; } = [.. Enum.GetValues<RefreshError>().Select(Of)];

    /// <summary>The refusal of a refresh.</summary>
    public static Problem Of(RefreshError error)
    {
        var code = error.ToCode();
        return error == RefreshError.TokenTooLarge ? TokenTooLarge : Grant(code, Problem.InWords(code));
    }

    /// <summary>The refusal of a new session for an account that is logged in already.</summary>
    public static Problem OfSession(SessionStartError error) => error switch
    {
        SessionStartError.AccountUnknown => BearerProblems.AccountUnknown,
        SessionStartError.AccountInactive or SessionStartError.AccountLocked => BearerProblems.AccountInactive,
        SessionStartError.AccountChanged => AccountConflict,
        _ => Of(error),
    };

    /// <summary>The refusal of a login whose credential was right.</summary>
    /// <param name="error">Why no session was started.</param>
    public static Problem Of(SessionStartError error) => error switch
    {
        SessionStartError.EmailUnconfirmed => EmailUnconfirmed,
        SessionStartError.AccountUnconfirmed => AccountUnconfirmed,
        SessionStartError.PasswordExpired => PasswordExpired,
        SessionStartError.SecondFactorRequired => MfaRequired,
        SessionStartError.TokenTooLarge => TokenTooLarge,

        // The account changed, was locked or was deactivated while its password was compared: the answer is that of an attempt a moment later.
        _ => InvalidCredentials,
    };

    /// <summary>The refusal of a password.</summary>
    /// <param name="check">A check that has failed.</param>
    /// <param name="wrong">What a wrong password is answered with.</param>
    public static Problem Of(in PasswordCheck check, Problem wrong) => check.Fault == SignInError.TooManyAttempts
        ? LimitProblems.TooManyAttempts(check.RetryAfter)
        : wrong;

    /// <summary>The refusal of a change to an account.</summary>
    /// <param name="change">A change that has failed.</param>
    /// <param name="passwordMember">The member that the password came in.</param>
    public static Problem Of(in AccountChange change, string passwordMember = RegisterRequest.PasswordName) => change.Fault switch
    {
        AccountError.EmailInvalid => EmailInvalid,
        AccountError.EmailTaken => EmailTaken,
        AccountError.PasswordRefused => PasswordRefused(change.Violations, passwordMember),
        AccountError.DisplayNameUnsupported => DisplayNameUnsupported,
        AccountError.DisplayNameInvalid => DisplayNameInvalid,
        AccountError.Conflict => AccountConflict,
        _ => BearerProblems.AccountUnknown,
    };

    /// <summary>The refusal of a new password.</summary>
    /// <param name="violations">The rules that it breaks.</param>
    /// <param name="member">The member that it came in.</param>
    public static Problem PasswordRefused(IReadOnlyList<PasswordRuleViolation> violations, string member) =>
        Bad(ReasonCodes.PasswordRefused, "The password can not be used") with
        {
            OAuthError = InvalidRequest,
            Errors = [new MemberFaults(member, [.. violations.Select(static violation => new MemberFault(violation.Code, violation.Message))])],
        };

    /// <summary>A new password that is too short, for those who describe routes: an example of every rule that it can break.</summary>
    public static Problem PasswordTooShort(string member) =>
        PasswordRefused([new PasswordRuleViolation(PasswordRule.TooShort, ReasonCodes.PasswordTooShort, "Use at least 8 characters.")], member);

    private static Problem Member(string code, string detail, string member, string message) =>
        Bad(code, detail) with { OAuthError = InvalidRequest, Errors = [new MemberFaults(member, [new MemberFault(code, message)])] };

    private static Problem Grant(string code, string detail) => Bad(code, detail) with { OAuthError = InvalidGrant };

    private static Problem Bad(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
