using Countersign.AspNetCore;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Wire;
using Countersign.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps Countersign's routes.</summary>
public static class CountersignEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps all routes: <see cref="MapCountersignAuth"/> and <see cref="MapCountersignUsers"/> under <see cref="CountersignOptions.ApiPrefix"/>, and
    /// <see cref="MapCountersignMetadata"/>.
    /// </summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <returns>All these routes. A convention that is added to the result is added to each of them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static IEndpointConventionBuilder MapCountersign(this IEndpointRouteBuilder endpoints) =>
        new JointConventionBuilder(endpoints.MapCountersignAuth(), endpoints.MapCountersignUsers(), endpoints.MapCountersignMetadata());

    /// <summary>
    /// Maps login, refresh, the token endpoint, logout, sessions, the change of a password, introspection and revocation under <c>{prefix}/auth</c>. Sign-up
    /// is mapped too if <see cref="CountersignOptions.Registration"/> is <see cref="Registration.Open"/>.
    /// </summary>
    /// <remarks>
    /// <c>RequireAuthorization</c> on the result, or on a group around it, also applies to sign-up. Login, refresh and the token endpoint stay open.
    /// </remarks>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="prefix">The path before <c>/auth</c>; null for <see cref="CountersignOptions.ApiPrefix"/>.</param>
    /// <returns>The group of these routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static IEndpointConventionBuilder MapCountersignAuth(this IEndpointRouteBuilder endpoints, string? prefix = null)
    {
        var auth = MapGuarded(endpoints, prefix, "/auth", "auth");
        if (Options(endpoints).Registration is Registration.Open)
        {
            AuthEndpoints.MapSignUp(auth);
        }

        AuthEndpoints.Map(auth);
        SessionEndpoints.Map(auth);
        ClientEndpoints.Map(auth);
        return auth;
    }

    /// <summary>Maps the routes with which an account reads, changes and deletes itself, under <c>{prefix}/users</c>.</summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="prefix">The path before <c>/users</c>; null for <see cref="CountersignOptions.ApiPrefix"/>.</param>
    /// <returns>The group of these routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static IEndpointConventionBuilder MapCountersignUsers(this IEndpointRouteBuilder endpoints, string? prefix = null)
    {
        var users = MapGuarded(endpoints, prefix, "/users", "users");
        UserEndpoints.Map(users);
        return users;
    }

    /// <summary>
    /// Maps the key set and the metadata documents under <c>/.well-known</c> (RFC 8615), where other services look for them. Call it on the app itself: the
    /// issuer followed by these paths must lead here.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <returns>The group of these routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static IEndpointConventionBuilder MapCountersignMetadata(this IEndpointRouteBuilder endpoints)
    {
        ThrowIfNotAdded(endpoints);
        var metadata = endpoints.MapGroup(string.Empty).WithTags("metadata").AllowAnonymous();
        MetadataEndpoints.Map(metadata);
        return metadata;
    }

    private static RouteGroupBuilder MapGuarded(IEndpointRouteBuilder endpoints, string? prefix, string path, string tag)
    {
        ThrowIfNotAdded(endpoints);
        prefix ??= Options(endpoints).ApiPrefix;
        return endpoints.MapGroup(prefix + path)
            .WithTags(tag)
            .WithProblems(BodyProblems.HttpsRequired, BodyProblems.CredentialInQuery, OutageFilter.Problem)
            .AddEndpointFilter<RouteGroupBuilder, OutageFilter>()
            .AddEndpointFilter<RouteGroupBuilder, TransportFilter>();
    }

    private static CountersignOptions Options(IEndpointRouteBuilder endpoints) =>
        endpoints.ServiceProvider.GetRequiredService<IOptions<CountersignOptions>>().Value;

    private static void ThrowIfNotAdded(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(SessionService)) == false)
        {
            throw new InvalidOperationException("Call builder.Services.AddCountersign<TUser>() before the routes are mapped.");
        }
    }
}
