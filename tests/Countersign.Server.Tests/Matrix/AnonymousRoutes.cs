namespace Countersign.Server.Tests.Matrix;

/// <summary>The credential that a route asks for by itself, where its policy asks for none.</summary>
internal enum OwnCredential
{
    /// <summary>None: what it answers is public.</summary>
    Nothing = 0,

    /// <summary>A password in the body.</summary>
    Password,

    /// <summary>A refresh token in the body.</summary>
    RefreshToken,

    /// <summary>A refresh token in the body, or a bearer token.</summary>
    RefreshTokenOrBearer,

    /// <summary>The token of a mail in the body.</summary>
    MailToken,

    /// <summary>The id and the secret of a client.</summary>
    Client,
}

/// <summary>The reviewed list of routes that authorization does not guard. A route that is in neither place fails the build.</summary>
internal static class AnonymousRoutes
{
    /// <summary>Each route, what it asks for instead, and why that is right.</summary>
    public static IReadOnlyDictionary<string, (OwnCredential Takes, string Reason)> All { get; } =
        new Dictionary<string, (OwnCredential, string)>(StringComparer.Ordinal)
        {
            ["POST /api/v1/auth/register"] = (
                OwnCredential.Nothing, "Whoever signs up has no account yet. It says of an address whether it is taken, and changes no account that is there."),
            ["POST /api/v1/auth/login"] = (OwnCredential.Password, "The password is the credential."),
            ["POST /api/v1/auth/refresh"] = (OwnCredential.RefreshToken, "The refresh token is the credential; the access token may have expired."),
            ["POST /api/v1/auth/token"] = (OwnCredential.RefreshToken, "The same, in the form of OAuth."),
            ["POST /api/v1/auth/logout"] = (
                OwnCredential.RefreshTokenOrBearer, "Logging out must be possible after the access token has expired, by the refresh token alone."),
            ["POST /api/v1/auth/logout-all"] = (OwnCredential.RefreshTokenOrBearer, "The same."),
            ["POST /api/v1/auth/forgot-password"] = (
                OwnCredential.Nothing, "Who has forgotten the password can't log in. It answers alike for every address, and mails only the owner."),
            ["POST /api/v1/auth/resend-confirmation"] = (OwnCredential.Nothing, "The same, before the first login."),
            ["POST /api/v1/auth/reset-password"] = (OwnCredential.MailToken, "The token of the mail is the credential."),
            ["POST /api/v1/auth/confirm-email"] = (OwnCredential.MailToken, "The same, together with the password."),
            ["POST /api/v1/auth/introspect"] = (
                OwnCredential.Client, "Confidential clients ask, not users: the client's secret is the credential (RFC 7662 section 2.1)."),
            ["POST /api/v1/auth/revoke"] = (
                OwnCredential.Client, "The same; the public client has no secret, and the token that it gives back is its credential (RFC 7009 section 2.1)."),
            ["GET /"] = (OwnCredential.Nothing, "A page that says what this is: the same for everybody."),
            ["GET /account/confirm-email"] = (OwnCredential.Nothing, "A page with a form: the same for everybody."),
            ["GET /account/reset-password"] = (OwnCredential.Nothing, "The same."),
            ["GET /account/forgot-password"] = (OwnCredential.Nothing, "The same."),
            ["GET /account/resend-confirmation"] = (OwnCredential.Nothing, "The same."),
            ["GET /errors"] = (OwnCredential.Nothing, "The pages of the reason codes, as in the documentation."),
            ["GET /errors/{code}"] = (OwnCredential.Nothing, "The same."),
            ["GET /openapi/v1.json"] = (OwnCredential.Nothing, "The description of these routes; an operator who wants none switches it off."),
            ["GET /.well-known/jwks.json"] = (OwnCredential.Nothing, "Public keys, for whoever verifies tokens."),
            ["GET /.well-known/openid-configuration"] = (OwnCredential.Nothing, "Where things are: the same words for everybody."),
            ["GET /.well-known/oauth-authorization-server"] = (OwnCredential.Nothing, "The same."),
            ["GET /health/live"] = (OwnCredential.Nothing, "Orchestrators have no account. It answers one word."),
            ["GET /health/ready"] = (OwnCredential.Nothing, "The same; what it says is in the way names no account and no secret."),
        };
}
