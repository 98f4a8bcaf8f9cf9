using Countersign.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Describes Countersign's tokens in the app's OpenAPI documents.</summary>
public static class CountersignOpenApiExtensions
{
    /// <summary>
    /// Adds to one document the security schemes of the mapped routes, the security of each operation that accepts Countersign's tokens, and the operation ids
    /// of Countersign's routes: <c>builder.Services.AddOpenApi(o =&gt; o.AddCountersign())</c>. A page such as Swagger UI then has a button to log in.
    /// </summary>
    /// <remarks>
    /// The schemes are <c>bearer</c>, and, if the login is mapped, <c>passwordFlow</c> (OAuth 2.0) with its address. A scheme of the app with the same name
    /// stays. An operation of the app gets them if the policy of its route, or else the fallback policy, accepts the tokens.
    /// </remarks>
    /// <param name="options">The document's options.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static OpenApiOptions AddCountersign(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options
            .AddOperationTransformer(new CountersignOperationTransformer())
            .AddDocumentTransformer(new CountersignDocumentTransformer());
    }

    /// <summary>The same for all documents of the app, which <c>AddOpenApi</c> adds before or after.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddCountersignOpenApi(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.ConfigureAll<OpenApiOptions>(static options => options.AddCountersign());
    }
}
