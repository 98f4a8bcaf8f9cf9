using Countersign.Bearer;
using Countersign.AspNetCore.Wire;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Endpoints;

internal static class EndpointServiceCollectionExtensions
{
    /// <summary>Registers the bearer scheme, and requires that its tokens name a session.</summary>
    internal static IServiceCollection AddCountersignEndpoints(this IServiceCollection services)
    {
        services.TryAddKeyedSingleton(CountersignBearerDefaults.AuthenticationScheme, static (provider, _) =>
        {
            var options = provider.GetRequiredService<IOptions<CountersignOptions>>().Value;
            return new BearerSettings { IsDefault = options.IsDefaultScheme, QueryTokenPaths = [.. options.QueryTokenPaths] };
        });
        services.AddLocalCountersignBearer();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, RouteConflicts>());
        services.TryAddSingleton(typeof(SignUpFields<>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JsonOptions>, SignUpDescription>());
        services.TryAddSingleton<SessionFilter>();
        services.TryAddSingleton<AccessTokenFilter>(static provider => provider.GetRequiredService<SessionFilter>().RefuseAsync);
        return services;
    }

    /// <summary>Puts the description of a sign-up with fields after everything that the app configures, because the app may replace its resolvers.</summary>
    private sealed class SignUpDescription : IPostConfigureOptions<JsonOptions>
    {
        public void PostConfigure(string? name, JsonOptions options) =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, SignUpTypeResolver.Instance);
    }
}
