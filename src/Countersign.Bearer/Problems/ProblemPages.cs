using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Problems;

/// <summary>Where an app serves the pages of reason codes, to which the member <c>type</c> of a problem document leads.</summary>
internal sealed class ProblemPages
{
    private volatile string? _address;

    /// <summary>The path of the pages without the code, such as <c>/errors/</c>; null if the app serves none.</summary>
    public string? Address => _address;

    /// <summary>Lets problem documents lead to an endpoint whose pattern ends with the code.</summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="pattern">The pattern up to the code, as it was mapped.</param>
    public static void Use(IEndpointRouteBuilder endpoints, IEndpointConventionBuilder endpoint, string pattern)
    {
        var pages = endpoints.ServiceProvider.GetRequiredService<ProblemPages>();
        pages._address = pattern;

        // Only the finished endpoint has the prefix of a group. It is built with the first request, and a refusal can come before.
        endpoint.Finally(built =>
        {
            if (built is RouteEndpointBuilder { RoutePattern.RawText: { } whole } && whole.LastIndexOf('/') is >= 0 and var end)
            {
                pages._address = "/" + whole[..(end + 1)].TrimStart('/');
            }
        });
    }
}
