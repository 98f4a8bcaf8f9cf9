using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Countersign.OpenApi;

/// <summary>Names Countersign's operations, and says which operations accept a token: its own, and those of the app.</summary>
internal sealed class CountersignOperationTransformer : IOpenApiOperationTransformer
{
    /// <inheritdoc />
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.OperationId ??= metadata.OfType<OperationName>().LastOrDefault()?.Name;
        var accepted = Credentials.IsOwn(metadata) || await AcceptsTokenAsync(metadata, context.ApplicationServices).ConfigureAwait(false)
            ? Credentials.Of(metadata, context.Document!, HasPasswordFlow(context))
            : null;
        foreach (var credential in accepted ?? [])
        {
            operation.Security ??= [];

            // An app may add this to one document, and to all of them.
            if (!operation.Security.Any(other => Credentials.AreSame(other, credential)))
            {
                operation.Security.Add(credential);
            }
        }
    }

    /// <summary>Whether the app's authorization would accept a token at a route: by the policies of the route, or else by the fallback policy.</summary>
    private static async Task<bool> AcceptsTokenAsync(IList<object> metadata, IServiceProvider services)
    {
        if (metadata.OfType<IAllowAnonymous>().Any() || services.GetService<IAuthorizationPolicyProvider>() is not { } policies)
        {
            return false;
        }

        var policy = await AuthorizationPolicy.CombineAsync(
            policies, metadata.OfType<IAuthorizeData>(), metadata.OfType<AuthorizationPolicy>()).ConfigureAwait(false);

        // A route that has only requirements is under no policy, and the default scheme authenticates its requests.
        if (policy is null && !metadata.OfType<IAuthorizationRequirementData>().Any())
        {
            policy = await policies.GetFallbackPolicyAsync().ConfigureAwait(false);
            if (policy is null)
            {
                return false;
            }
        }

        return await TokenSchemes.MayAcceptAsync(services.GetRequiredService<IAuthenticationSchemeProvider>(), policy?.AuthenticationSchemes ?? [])
            .ConfigureAwait(false);
    }

    private static bool HasPasswordFlow(OpenApiOperationTransformerContext context) => context.ApplicationServices
        .GetRequiredService<Microsoft.AspNetCore.Mvc.ApiExplorer.IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items
        .SelectMany(static group => group.Items)
        .Any(static route => route.ActionDescriptor.EndpointMetadata.OfType<PasswordFlowMetadata>().Any());
}
