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

        yield return ("unknown account", "nobody@example.com", live.OwnPassword);
        yield return ("name with a NUL", live.Email + "\0", live.OwnPassword);
        yield return ("name with a space behind", live.Email + " x", live.OwnPassword);
        yield return ("part of a name", live.Email[..^1], live.OwnPassword);
        yield return ("SQL for a name", "' OR 1=1 --", live.OwnPassword);
        yield return ("a pattern for a name", "%@example.com", live.OwnPassword);
        yield return ("id for a name", live.SessionId(), live.OwnPassword);
        yield return ("deactivated account, right password", server.Deactivated.Email, server.Deactivated.OwnPassword);
        yield return ("deleted account, right password", server.Deleted.Email, server.Deleted.OwnPassword);
        yield return ("password from before the change", server.PasswordChanged.Email, server.OldPassword);
        yield return ("password of another account", live.Email, server.LoggedOut.OwnPassword);
    }

    /// <summary>Passwords that an account that is in order does not have.</summary>
    public static IEnumerable<(string Name, string Password)> OfAnAccount(MatrixServer server, ApiClient client) =>
    [
        ("wrong", "quite another password"),
        ("a space", " "),
        ("other case", client.OwnPassword.ToUpperInvariant()),
        ("a space behind", client.OwnPassword + " "),
        ("a NUL behind", client.OwnPassword + "\0"),
        ("a NUL and itself behind", $"{client.OwnPassword}\0{client.OwnPassword}"),
        ("cut", client.OwnPassword[..^1]),
        ("an access token", client.AccessToken),
        ("another's", server.Live.OwnPassword + client.OwnPassword),
    ];
}
