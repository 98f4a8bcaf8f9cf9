using Countersign.Bearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.AspNetCore.Endpoints;

internal static class EndpointServiceCollectionExtensions
{
    /// <summary>Registers the bearer scheme, and requires that its tokens name a session.</summary>
    internal static IServiceCollection AddCountersignEndpoints(this IServiceCollection services)
    {
        services.AddLocalCountersignBearer();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, RouteConflicts>());
        services.TryAddSingleton<SessionFilter>();
        services.TryAddSingleton<AccessTokenFilter>(static provider => provider.GetRequiredService<SessionFilter>().RefuseAsync);
        return services;
    }
}
