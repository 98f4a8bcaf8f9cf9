namespace Countersign.Harness;

/// <summary>How a server names the members of a token response.</summary>
/// <param name="Access">The access token.</param>
/// <param name="Refresh">The refresh token.</param>
/// <param name="Lifetime">The access token's lifetime in seconds.</param>
public sealed record TokenMembers(string Access, string Refresh, string Lifetime)
{
    /// <summary>RFC 6749 §5.1.</summary>
    public static readonly TokenMembers OAuth = new("access_token", "refresh_token", "expires_in");

    /// <summary>ASP.NET Core Identity's <c>AccessTokenResponse</c>.</summary>
    public static readonly TokenMembers Identity = new("accessToken", "refreshToken", "expiresIn");
}
