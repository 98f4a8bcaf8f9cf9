namespace Countersign.AspNetCore;

/// <summary>
/// The routes of Countersign. Each has the name of its operation in OpenAPI (<c>logIn</c>), and of its setting (<c>Auth:Routes:LogIn</c>).
/// </summary>
public enum CountersignRoute
{
    /// <summary>
    /// Sign-up: <c>POST /auth/register</c>. It is mapped only if <see cref="CountersignOptions.Registration"/> is <see cref="Registration.Open"/>.
    /// </summary>
    Register = 1,

    /// <summary>Login: <c>POST /auth/login</c>.</summary>
    LogIn,

    /// <summary>The exchange of a refresh token for a new pair: <c>POST /auth/refresh</c>.</summary>
    Refresh,

    /// <summary>The same as an endpoint of OAuth 2.0 (RFC 6749 §6): <c>POST /auth/token</c>.</summary>
    ExchangeToken,

    /// <summary>The change of the password: <c>POST /auth/change-password</c>.</summary>
    ChangePassword,

    /// <summary>The request for a mail with which a new password can be set: <c>POST /auth/forgot-password</c>. Mapped only if mail can be sent.</summary>
    ForgotPassword,

    /// <summary>The new password with the token of a mail: <c>POST /auth/reset-password</c>. Mapped only if mail can be sent.</summary>
    ResetPassword,

    /// <summary>The request for another mail to confirm an address: <c>POST /auth/resend-confirmation</c>. Mapped only if mail can be sent.</summary>
    ResendConfirmation,

    /// <summary>The confirmation of an address with the token of a mail: <c>POST /auth/confirm-email</c>. Mapped only if mail can be sent.</summary>
    ConfirmEmail,

    /// <summary>The end of the session: <c>POST /auth/logout</c>.</summary>
    LogOut,

    /// <summary>The end of all sessions of the account: <c>POST /auth/logout-all</c>.</summary>
    LogOutEverywhere,

    /// <summary>The list of the account's sessions: <c>GET /auth/sessions</c>.</summary>
    ListSessions,

    /// <summary>The end of all other sessions of the account: <c>DELETE /auth/sessions</c>.</summary>
    EndOtherSessions,

    /// <summary>The end of one session of the account: <c>DELETE /auth/sessions/{id}</c>. Another pattern must have the parameter <c>id</c> too.</summary>
    EndSession,

    /// <summary>Whether a token is good, for clients (RFC 7662): <c>POST /auth/introspect</c>.</summary>
    Introspect,

    /// <summary>The end of a token's session, for clients (RFC 7009): <c>POST /auth/revoke</c>.</summary>
    Revoke,

    /// <summary>The account that asks: <c>GET /users/me</c>.</summary>
    GetAccount,

    /// <summary>The change of its display name: <c>PATCH /users/me</c>.</summary>
    UpdateAccount,

    /// <summary>Its deletion: <c>DELETE /users/me</c>.</summary>
    DeleteAccount,

    /// <summary>The public keys (RFC 7517): <c>GET /.well-known/jwks.json</c>.</summary>
    GetKeys,

    /// <summary>The metadata, where OpenID Connect looks for it: <c>GET /.well-known/openid-configuration</c>.</summary>
    GetOpenIdMetadata,

    /// <summary>The metadata, where RFC 8414 looks for it: <c>GET /.well-known/oauth-authorization-server</c>.</summary>
    GetOAuthMetadata,
}
