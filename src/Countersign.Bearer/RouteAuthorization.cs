using Microsoft.AspNetCore.Authorization;

namespace Countersign.Bearer;

/// <summary>The three kinds of metadata by which a route asks the platform for authorization.</summary>
internal static class RouteAuthorization
{
    /// <summary>Whether an item of a route's metadata asks for authorization.</summary>
    public static bool Is(object metadata) => metadata is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData;
}
