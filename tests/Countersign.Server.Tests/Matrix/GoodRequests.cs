using System.Text.Json;

namespace Countersign.Server.Tests.Matrix;

/// <summary>For each route a request that succeeds with a good credential, so that a bad one is all that can be wrong with it.</summary>
internal static class GoodRequests
{
    private const string Json = "application/json";
    private const string ResetPassword = "POST /api/v1/auth/reset-password";
    private const string ConfirmEmail = "POST /api/v1/auth/confirm-email";
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>The request of a route without its bearer token, and the status that it earns with a good one.</summary>
    private static readonly Dictionary<string, (Func<ApiClient, RawCall, string, RawCall> Fill, int Status)> ByRoute = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/auth/register"] = (
            static (_, call, _) =>
                call.WithBody(Json, Write(new { email = $"n{Guid.CreateVersion7():N}@example.com", password = $"quiet lantern {Guid.CreateVersion7():N}" })),
            201),
        ["POST /api/v1/auth/login"] = (
            static (client, call, _) => call.WithBody(Json, Write(new { username = client.Email, password = client.OwnPassword })), 200),
        ["POST /api/v1/auth/refresh"] = (static (client, call, _) => call.WithBody(Json, Write(new { refresh_token = client.RefreshToken })), 200),
        ["POST /api/v1/auth/token"] = (static (client, call, _) => call.WithBody(Form, $"grant_type=refresh_token&refresh_token={client.RefreshToken}"), 200),
        ["POST /api/v1/auth/logout"] = (static (_, call, _) => call, 204),
        ["POST /api/v1/auth/logout-all"] = (static (_, call, _) => call, 204),
        ["GET /api/v1/auth/sessions"] = (static (_, call, _) => call, 200),
        ["DELETE /api/v1/auth/sessions"] = (static (_, call, _) => call, 204),
        ["DELETE /api/v1/auth/sessions/{id}"] = (
            static (_, call, session) => call with { Target = call.Target.Replace("{id}", session, StringComparison.Ordinal) }, 204),
        ["POST /api/v1/auth/change-password"] = (
            static (client, call, _) => call.WithBody(Json, Write(new { current_password = client.OwnPassword, new_password = $"next {client.OwnPassword}" })),
            200),
        ["GET /api/v1/users/me"] = (static (_, call, _) => call, 200),
        ["PATCH /api/v1/users/me"] = (static (_, call, _) => call.WithBody(Json, Write(new { display_name = "Somebody" })), 200),
        ["DELETE /api/v1/users/me"] = (static (client, call, _) => call.WithBody(Json, Write(new { current_password = client.OwnPassword })), 204),
        ["POST /api/v1/auth/introspect"] = (static (client, call, _) => call.WithBody(Form, $"token={client.AccessToken}&{MatrixServer.ClientForm}"), 200),
        ["POST /api/v1/auth/revoke"] = (static (client, call, _) => call.WithBody(Form, $"token={client.AccessToken}&{MatrixServer.ClientForm}"), 200),
        ["POST /api/v1/auth/forgot-password"] = (static (client, call, _) => call.WithBody(Json, Write(new { email = client.Email })), 202),
        ["POST /api/v1/auth/resend-confirmation"] = (static (client, call, _) => call.WithBody(Json, Write(new { email = client.Email })), 202),
        [ResetPassword] = (
            static (client, call, token) => call.WithBody(Json, Write(new { token, new_password = $"next {client.OwnPassword}" })), 204),
        [ConfirmEmail] = (static (client, call, token) => call.WithBody(Json, Write(new { token, password = client.OwnPassword })), 204),
        ["GET /"] = (static (_, call, _) => call, 200),
        ["GET /account/confirm-email"] = (static (_, call, _) => call, 200),
        ["GET /account/reset-password"] = (static (_, call, _) => call, 200),
        ["GET /account/forgot-password"] = (static (_, call, _) => call, 200),
        ["GET /account/resend-confirmation"] = (static (_, call, _) => call, 200),
        ["GET /errors"] = (static (_, call, _) => call, 200),
        ["GET /errors/{code}"] = (static (_, call, _) => call with { Target = "/errors/token_expired" }, 200),
        ["GET /openapi/v1.json"] = (static (_, call, _) => call, 200),
        ["GET /.well-known/jwks.json"] = (static (_, call, _) => call, 200),
        ["GET /.well-known/openid-configuration"] = (static (_, call, _) => call, 200),
        ["GET /.well-known/oauth-authorization-server"] = (static (_, call, _) => call, 200),
        ["GET /health/live"] = (static (_, call, _) => call, 200),
        ["GET /health/ready"] = (static (_, call, _) => call, 200),
    };

    /// <summary>The routes that have one.</summary>
    public static IReadOnlyCollection<string> Routes => ByRoute.Keys;

    /// <summary>Makes the request of a route.</summary>
    /// <param name="operation">The route.</param>
    /// <param name="client">Whose account it is about.</param>
    /// <param name="session">A session of that account.</param>
    public static (RawCall Call, int Status) Make(Operation operation, ApiClient client, string session)
    {
        var (fill, status) = ByRoute[operation.ToString()];
        return (fill(client, new RawCall(operation.Method, operation.Pattern), session), status);
    }

    /// <summary>Makes the request of a route. If its credential is the token of a mail, the mail is waited for.</summary>
    public static async Task<(RawCall Call, int Status)> MakeAsync(Operation operation, ApiClient client, string session, RunningServer server)
    {
        switch (operation.ToString())
        {
            case ResetPassword:
                await client.PostAsync("/auth/forgot-password", new { email = client.Email });
                return Make(operation, client, await server.MailTokenAsync(client.Email, "Set a new password"));
            case ConfirmEmail:
                return Make(operation, client, await server.MailTokenAsync(client.Email, "Confirm your e-mail address"));
            default:
                return Make(operation, client, session);
        }
    }

    private static string Write(object body) => JsonSerializer.Serialize(body);
}
