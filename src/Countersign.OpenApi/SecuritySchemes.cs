using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace Countersign.OpenApi;

/// <summary>The security schemes of a document, according to the routes that are mapped.</summary>
internal static class SecuritySchemes
{
    /// <summary>Makes the schemes, by their names in <see cref="Credentials"/>.</summary>
    /// <param name="routes">All routes of the document.</param>
    /// <param name="basePath">The path before the routes, without a slash at the end; empty if there is none.</param>
    public static Dictionary<string, IOpenApiSecurityScheme> Of(IReadOnlyList<ApiDescription> routes, string basePath = "")
    {
        Dictionary<string, IOpenApiSecurityScheme> schemes = new(StringComparer.Ordinal);
        if (Find<PasswordFlowMetadata>(routes, basePath) is { } login)
        {
            schemes[Credentials.PasswordFlow] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "Log in with an e-mail address and a password. There are neither clients nor scopes to enter.",
                Flows = new OpenApiOAuthFlows
                {
                    Password = new OpenApiOAuthFlow
                    {
                        TokenUrl = login,
                        RefreshUrl = Find<TokenEndpointMetadata>(routes, basePath),
                        Scopes = new Dictionary<string, string>(StringComparer.Ordinal),
                    },
                },
            };
        }

        schemes[Credentials.Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An access token, as a login or a refresh gives it.",
        };
        if (Find<ClientAuthenticationMetadata>(routes, basePath) is not null)
        {
            schemes[Credentials.ClientBasic] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "A confidential client's id and secret, each encoded as in a form (RFC 6749 §2.3.1). They may be members of the form instead.",
            };
        }

        return schemes;
    }

    /// <summary>The path of the route that has a metadata mark.</summary>
    private static Uri? Find<TMark>(IReadOnlyList<ApiDescription> routes, string basePath) =>
        routes.FirstOrDefault(static route => route.ActionDescriptor.EndpointMetadata.OfType<TMark>().Any()) is { RelativePath: { } path }
            ? new Uri($"{basePath}/{path}", UriKind.Relative)
            : null;
}
