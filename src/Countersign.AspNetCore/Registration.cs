namespace Countersign.AspNetCore;

/// <summary>Who may make an account at <c>POST {prefix}/auth/register</c>. The zero value lets no one.</summary>
public enum Registration
{
    /// <summary>The route is not mapped: a request gets 404, and the OpenAPI document does not have it. The app or an operator makes accounts.</summary>
    Closed,

    /// <summary>
    /// Everybody, within the limit for each network. Where the app calls <c>RequireAuthorization</c> on a group that the route is in, only those whom that lets
    /// through.
    /// </summary>
    Open,
}
