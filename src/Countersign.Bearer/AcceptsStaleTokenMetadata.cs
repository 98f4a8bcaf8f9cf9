namespace Countersign.Bearer;

/// <summary>
/// Marks a route that needs only the session of an access token, such as a logout. It accepts a token whose roles and further claims are out of date
/// (<see cref="Tokens.TokenError.Stale"/>). A route that reads them must not have this mark. It has no
/// effect where the app has added a policy to the route.
/// </summary>
internal sealed class AcceptsStaleTokenMetadata
{
    public static readonly AcceptsStaleTokenMetadata Instance = new();

    private AcceptsStaleTokenMetadata()
    {
    }
}
