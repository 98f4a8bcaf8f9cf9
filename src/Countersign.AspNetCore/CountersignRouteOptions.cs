namespace Countersign.AspNetCore;

/// <summary>
/// Which routes <c>MapCountersign()</c> maps; all by default. A route that is left out is not there: 404, and no description, metadata document or token URL
/// names it. <c>MapCountersignRoute</c> maps a single route whatever is set here, also under another pattern.
/// </summary>
public sealed class CountersignRouteOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Routes";

    /// <summary>
    /// Whether to map sign-up, <c>POST /auth/register</c>, if <see cref="CountersignOptions.Registration"/> is <see cref="Registration.Open"/>. True by
    /// default.
    /// </summary>
    public bool Register { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/login</c>. True by default.</summary>
    public bool LogIn { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/refresh</c>. True by default.</summary>
    public bool Refresh { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/token</c>. True by default.</summary>
    public bool ExchangeToken { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/change-password</c>. True by default.</summary>
    public bool ChangePassword { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/forgot-password</c>, if mail can be sent. True by default.</summary>
    public bool ForgotPassword { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/reset-password</c>, if mail can be sent. True by default.</summary>
    public bool ResetPassword { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/resend-confirmation</c>, if mail can be sent. True by default.</summary>
    public bool ResendConfirmation { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/confirm-email</c>, if mail can be sent. True by default.</summary>
    public bool ConfirmEmail { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/logout</c>. True by default.</summary>
    public bool LogOut { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/logout-all</c>. True by default.</summary>
    public bool LogOutEverywhere { get; set; } = true;

    /// <summary>Whether to map <c>GET /auth/sessions</c>. True by default.</summary>
    public bool ListSessions { get; set; } = true;

    /// <summary>Whether to map <c>DELETE /auth/sessions</c>. True by default.</summary>
    public bool EndOtherSessions { get; set; } = true;

    /// <summary>Whether to map <c>DELETE /auth/sessions/{id}</c>. True by default.</summary>
    public bool EndSession { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/introspect</c>. True by default.</summary>
    public bool Introspect { get; set; } = true;

    /// <summary>Whether to map <c>POST /auth/revoke</c>. True by default.</summary>
    public bool Revoke { get; set; } = true;

    /// <summary>Whether to map <c>GET /users/me</c>. True by default.</summary>
    public bool GetAccount { get; set; } = true;

    /// <summary>Whether to map <c>PATCH /users/me</c>. True by default.</summary>
    public bool UpdateAccount { get; set; } = true;

    /// <summary>Whether to map <c>DELETE /users/me</c>. True by default.</summary>
    public bool DeleteAccount { get; set; } = true;

    /// <summary>Whether to map <c>GET /.well-known/jwks.json</c>. Without the keys no other service can verify tokens. True by default.</summary>
    public bool GetKeys { get; set; } = true;

    /// <summary>Whether to map <c>GET /.well-known/openid-configuration</c>. Other services look there for the keys. True by default.</summary>
    public bool GetOpenIdMetadata { get; set; } = true;

    /// <summary>Whether to map <c>GET /.well-known/oauth-authorization-server</c>. True by default.</summary>
    public bool GetOAuthMetadata { get; set; } = true;

    /// <summary>Whether a route is mapped.</summary>
    internal bool Has(CountersignRoute route) => route switch
    {
        CountersignRoute.Register => Register,
        CountersignRoute.LogIn => LogIn,
        CountersignRoute.Refresh => Refresh,
        CountersignRoute.ExchangeToken => ExchangeToken,
        CountersignRoute.ChangePassword => ChangePassword,
        CountersignRoute.ForgotPassword => ForgotPassword,
        CountersignRoute.ResetPassword => ResetPassword,
        CountersignRoute.ResendConfirmation => ResendConfirmation,
        CountersignRoute.ConfirmEmail => ConfirmEmail,
        CountersignRoute.LogOut => LogOut,
        CountersignRoute.LogOutEverywhere => LogOutEverywhere,
        CountersignRoute.ListSessions => ListSessions,
        CountersignRoute.EndOtherSessions => EndOtherSessions,
        CountersignRoute.EndSession => EndSession,
        CountersignRoute.Introspect => Introspect,
        CountersignRoute.Revoke => Revoke,
        CountersignRoute.GetAccount => GetAccount,
        CountersignRoute.UpdateAccount => UpdateAccount,
        CountersignRoute.DeleteAccount => DeleteAccount,
        CountersignRoute.GetKeys => GetKeys,
        CountersignRoute.GetOpenIdMetadata => GetOpenIdMetadata,
        CountersignRoute.GetOAuthMetadata => GetOAuthMetadata,
        _ => throw new ArgumentOutOfRangeException(nameof(route), route, "Not a member of CountersignRoute."),
    };
}
