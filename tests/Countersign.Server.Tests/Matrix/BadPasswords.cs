namespace Countersign.Server.Tests.Matrix;

/// <summary>Passwords that are not the account's. Nobody may learn from the answer which of the reasons it was.</summary>
internal static class BadPasswords
{
    public static IEnumerable<(string Name, string Username, string Password)> AtLogin(MatrixServer server)
    {
        var live = server.Live;
        foreach (var (name, password) in OfAnAccount(server, server.Stranger))
        {
            yield return (name, server.Stranger.Email, password);
        }

        yield return ("unknown account", "nobody@example.com", live.Password);
        yield return ("name with a NUL", live.Email + "\0", live.Password);
        yield return ("name with a space behind", live.Email + " x", live.Password);
        yield return ("part of a name", live.Email[..^1], live.Password);
        yield return ("SQL for a name", "' OR 1=1 --", live.Password);
        yield return ("a pattern for a name", "%@example.com", live.Password);
        yield return ("id for a name", live.SessionId(), live.Password);
        yield return ("deactivated account, right password", server.Deactivated.Email, server.Deactivated.Password);
        yield return ("deleted account, right password", server.Deleted.Email, server.Deleted.Password);
        yield return ("password from before the change", server.PasswordChanged.Email, server.OldPassword);
        yield return ("password of another account", live.Email, server.LoggedOut.Password);
    }

    /// <summary>Passwords that an account that is in order does not have.</summary>
    public static IEnumerable<(string Name, string Password)> OfAnAccount(MatrixServer server, ApiClient client) =>
    [
        ("wrong", "quite another password"),
        ("a space", " "),
        ("other case", client.Password.ToUpperInvariant()),
        ("a space behind", client.Password + " "),
        ("a NUL behind", client.Password + "\0"),
        ("a NUL and itself behind", $"{client.Password}\0{client.Password}"),
        ("cut", client.Password[..^1]),
        ("an access token", client.AccessToken),
        ("another's", server.Live.Password + client.Password),
    ];
}
