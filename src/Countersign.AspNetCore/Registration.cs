namespace Countersign.AspNetCore;

/// <summary>Who may create an account at <c>POST {prefix}/auth/register</c>. The zero value allows it to no caller.</summary>
public enum Registration
{
    /// <summary>The route is not mapped: a request gets 404, and the OpenAPI document does not list it. The app or an operator creates accounts.</summary>
    Closed,

    /// <summary>
    /// Every caller, within the limit for each network. If the app calls <c>RequireAuthorization</c> on the route or on a group around it, only the callers
    /// whom that authorizes.
    /// </summary>
    Open,
}
