namespace Countersign.AspNetCore.Endpoints;

/// <summary>The groups that Countersign's routes stand in.</summary>
internal sealed class RouteGroup
{
    /// <summary>Sign-up, login, tokens, sessions and clients.</summary>
    public static readonly RouteGroup Auth = new("/auth", "auth", static (routes, mapSignUp) =>
    {
        mapSignUp(routes);
        AuthEndpoints.Map(routes);
        MailEndpoints.Map(routes);
        SessionEndpoints.Map(routes);
        ClientEndpoints.Map(routes);
    });

    /// <summary>The user's own account.</summary>
    public static readonly RouteGroup Users = new("/users", "users", static (routes, _) => UserEndpoints.Map(routes));

    /// <summary>Keys and metadata. Their usual patterns have no prefix (RFC 8615).</summary>
    public static readonly RouteGroup Metadata = new(string.Empty, "metadata", static (routes, _) => MetadataEndpoints.Map(routes)) { IsAtTheRoot = true };

    private readonly Action<RouteMap, Action<RouteMap>> _map;

    private RouteGroup(string path, string tag, Action<RouteMap, Action<RouteMap>> map)
    {
        Path = path;
        Tag = tag;
        _map = map;
    }

    /// <summary>The path below the prefix.</summary>
    public string Path { get; }

    /// <summary>The group's name in a description of the app.</summary>
    public string Tag { get; }

    /// <summary>Whether the group's patterns have no prefix. Its routes are public documents, which no filter guards.</summary>
    public bool IsAtTheRoot { get; private init; }

    /// <summary>The group of a route.</summary>
    public static RouteGroup Of(CountersignRoute route) => route switch
    {
        CountersignRoute.GetAccount or CountersignRoute.UpdateAccount or CountersignRoute.DeleteAccount => Users,
        CountersignRoute.GetKeys or CountersignRoute.GetOpenIdMetadata or CountersignRoute.GetOAuthMetadata => Metadata,
        _ => Auth,
    };

    /// <summary>Maps the routes of the group that are wanted.</summary>
    /// <param name="routes">Says which routes are wanted.</param>
    /// <param name="mapSignUp">Maps sign-up, with the app's own fields or without.</param>
    public void Map(RouteMap routes, Action<RouteMap> mapSignUp) => _map(routes, mapSignUp);
}
