using System.Text;

namespace Countersign.Server.Tests.Matrix;

/// <summary>Every bad credential of a client: the form and the headers with which a token of somebody else is asked of.</summary>
internal static class BadClients
{
    public static IEnumerable<(string Name, Func<RawCall, RawCall> Put, Expected Problem)> All(MatrixServer server)
    {
        var token = $"token={server.Live.AccessToken}";
        var repeated = new Expected(400, "client_authentication_repeated");
        var (id, secret) = (MatrixServer.ClientId, MatrixServer.ClientSecret);
        return
        [
            ("none", Form(token), Expected.InvalidClient),
            ("unknown id", Form($"{token}&client_id=nobody&client_secret={secret}"), Expected.InvalidClient),
            ("id in other case", Form($"{token}&client_id={id.ToUpperInvariant()}&client_secret={secret}"), Expected.InvalidClient),
            ("wrong secret", Form($"{token}&client_id={id}&client_secret={new string('A', secret.Length)}"), Expected.InvalidClient),
            ("cut secret", Form($"{token}&client_id={id}&client_secret={secret[..^1]}"), Expected.InvalidClient),
            ("secret and a space", Form($"{token}&client_id={id}&client_secret={secret}+"), Expected.InvalidClient),
            ("another client's secret", Form($"{token}&client_id={id}&client_secret={MatrixServer.OtherSecret}"), Expected.InvalidClient),
            ("the hash for the secret", Form($"{token}&client_id={id}&client_secret={MatrixServer.Hash(secret)}"), Expected.InvalidClient),
            ("id without a secret", Form($"{token}&client_id={id}"), Expected.InvalidClient),
            ("public client with a secret", Form($"{token}&client_id=countersign&client_secret={secret}"), Expected.InvalidClient),
            ("an account's password",
                Form($"{token}&client_id={Uri.EscapeDataString(server.Live.Email)}&client_secret={Uri.EscapeDataString(server.Live.OwnPassword)}"),
                Expected.InvalidClient),
            ("secret without an id", Form($"{token}&client_secret={secret}"), new(400, "member_missing")),
            ("bearer token", Form(token, $"Bearer {server.Live.AccessToken}"), Expected.InvalidClient),
            ("Basic alone", Form(token, "Basic"), Expected.InvalidClient),
            ("Basic, not base64", Form(token, "Basic !!!!"), Expected.InvalidClient),
            ("Basic without a colon", Form(token, Basic("matrix")), Expected.InvalidClient),
            ("Basic, no secret", Form(token, Basic($"{id}:")), Expected.InvalidClient),
            ("Basic, no id", Form(token, Basic($":{secret}")), Expected.InvalidClient),
            ("Basic, wrong secret", Form(token, Basic($"{id}:wrong")), Expected.InvalidClient),
            ("Basic, secret and a NUL", Form(token, Basic($"{id}:{secret}\0")), Expected.InvalidClient),
            ("Basic, the public client", Form(token, Basic("countersign:")), Expected.InvalidClient),
            ("Basic, an account", Form(token, Basic($"{server.Live.Email}:{server.Live.OwnPassword}")), Expected.InvalidClient),
            ("Basic and the form", Form($"{token}&client_id={id}&client_secret={secret}", Basic($"{id}:{secret}")), repeated),
            ("Basic and another id in the form", Form($"{token}&client_id=other", Basic($"{id}:{secret}")), repeated),
            ("two headers",
                call => Form(token, Basic($"{id}:{secret}"))(call).With("Authorization", Basic($"{id}:{secret}")), new(400, "authorization_repeated")),
            ("secret in the query", call => Form(token)(call).WithQuery("client_id", id).WithQuery("client_secret", secret), new(400, "credential_in_query")),
            ("secret twice", Form($"{token}&client_id={id}&client_secret={secret}&client_secret={secret}"), new(400, "member_repeated")),
        ];
    }

    private static Func<RawCall, RawCall> Form(string form, string? authorization = null) => call =>
    {
        var filled = call.WithBody("application/x-www-form-urlencoded", form);
        return authorization is null ? filled : filled.With("Authorization", authorization);
    };

    private static string Basic(string credential) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credential));
}
