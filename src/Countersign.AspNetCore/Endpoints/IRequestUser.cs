using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>A type that stands for the account that sent the request. Controllers and pages take it as minimal endpoints do.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IRequestUser<TSelf>
    where TSelf : class, IRequestUser<TSelf>
{
    /// <summary>What an endpoint with such a parameter requires.</summary>
    static abstract AuthorizationPolicy Policy { get; }

    /// <summary>Finds the user of a request.</summary>
    /// <returns>Null only if the endpoint allows anonymous requests and the request has no good token.</returns>
    /// <exception cref="InvalidOperationException">The endpoint ran without authorization.</exception>
    static abstract TSelf? Find(HttpContext context);
}
