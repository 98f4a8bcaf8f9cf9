namespace Countersign.Sessions;

/// <summary>The pair of tokens that a login or a refresh returns.</summary>
public sealed class SessionTokens
{
    internal SessionTokens(string accessToken, string refreshToken, TimeSpan expiresIn, Session session)
    {
        AccessToken = accessToken;
        RefreshToken = refreshToken;
        ExpiresIn = expiresIn;
        Session = session;
    }

    /// <summary>A JWT that any service can verify (RFC 9068).</summary>
    public string AccessToken { get; }

    /// <summary>A JWT that only this service accepts, in exchange for another pair.</summary>
    public string RefreshToken { get; }

    /// <summary>How long the access token is valid, in whole seconds.</summary>
    public TimeSpan ExpiresIn { get; }

    /// <summary>The generation of the refresh token. If a client gets two answers, it keeps the one with the higher generation.</summary>
    public int RefreshGeneration => Session.State.Generation;

    /// <summary>The session to which both tokens belong.</summary>
    public Session Session { get; }

    /// <summary>Returns the type's name and the session's id, never a token.</summary>
    public override string ToString() => $"SessionTokens of {Session}";
}
