namespace Countersign.Sessions;

/// <summary>The pair of tokens that a login or a refresh answers.</summary>
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

    /// <summary>A JWT that only this service accepts, and only for another pair.</summary>
    public string RefreshToken { get; }

    /// <summary>For how long the access token is good, in whole seconds.</summary>
    public TimeSpan ExpiresIn { get; }

    /// <summary>The generation of the refresh token: of two answers a client keeps the one with the higher.</summary>
    public int RefreshGeneration => Session.State.Generation;

    /// <summary>The session that both belong to.</summary>
    public Session Session { get; }

    /// <summary>The session alone: tokens are nobody's to print.</summary>
    public override string ToString() => $"SessionTokens of {Session}";
}
