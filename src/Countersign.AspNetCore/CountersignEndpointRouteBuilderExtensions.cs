using Countersign.AspNetCore;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Problems;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps Countersign's routes.</summary>
/// <remarks>
/// The routes that give tokens, and the documents, accept anonymous requests, also under a fallback policy of the app. If the app calls
/// <c>RequireAuthorization</c> on a route, on the result of a call or on a group around it, that is required of every route there, login and refresh too.
/// If the app maps a route with the method and the pattern of one of these, the app does not start.
/// </remarks>
public static class CountersignEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps all routes that <see cref="CountersignOptions.Routes"/> does not leave out: <see cref="MapCountersignAuth(IEndpointRouteBuilder, string?)"/> and
    /// <see cref="MapCountersignUsers"/> under <see cref="CountersignOptions.ApiPrefix"/>, and <see cref="MapCountersignMetadata"/>.
    /// </summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <returns>All these routes. A convention that is added to the result is added to each of them; <c>ForRoute</c> chooses one.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static CountersignEndpointConventionBuilder MapCountersign(this IEndpointRouteBuilder endpoints) =>
        CountersignEndpointConventionBuilder.Join(
            endpoints.MapCountersignAuth(), endpoints.MapCountersignUsers(), endpoints.MapCountersignMetadata());

    /// <summary>
    /// Maps login, refresh, the token endpoint, logout, sessions, the change of a password, introspection and revocation under <c>{prefix}/auth</c>. Sign-up
    /// is mapped too if <see cref="CountersignOptions.Registration"/> is <see cref="Registration.Open"/>.
    /// </summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="prefix">The path before <c>/auth</c>; null for <see cref="CountersignOptions.ApiPrefix"/>.</param>
    /// <returns>These routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static CountersignEndpointConventionBuilder MapCountersignAuth(this IEndpointRouteBuilder endpoints, string? prefix = null) =>
        Map(endpoints, RouteGroup.Auth, prefix, SignUpEndpoint.Map);

    /// <summary>Maps the routes with which an account reads, changes and deletes itself, under <c>{prefix}/users</c>.</summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="prefix">The path before <c>/users</c>; null for <see cref="CountersignOptions.ApiPrefix"/>.</param>
    /// <returns>These routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static CountersignEndpointConventionBuilder MapCountersignUsers(this IEndpointRouteBuilder endpoints, string? prefix = null) =>
        Map(endpoints, RouteGroup.Users, prefix, SignUpEndpoint.Map);

    /// <summary>
    /// Maps the key set and the metadata documents under <c>/.well-known</c> (RFC 8615), where other services look for them. Call it on the app itself: the
    /// issuer followed by these paths must lead here.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <returns>These routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static CountersignEndpointConventionBuilder MapCountersignMetadata(this IEndpointRouteBuilder endpoints) =>
        Map(endpoints, RouteGroup.Metadata, prefix: null, SignUpEndpoint.Map);

    /// <summary>
    /// Maps the pages of the reason codes: <c>{pattern}</c> lists all, and <c>{pattern}/{code}</c> says what a code means and how to mend it, as plain text.
    /// The member <c>type</c> of Countersign's problem documents leads there. Without this call it is <c>about:blank</c>.
    /// </summary>
    /// <remarks>The pages accept anonymous requests. They say nothing about the app, and are the same everywhere.</remarks>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="pattern">The path of the pages. It has no parameters.</param>
    /// <returns>These routes.</returns>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is empty, does not begin with <c>/</c>, ends with it, or has parameters.</exception>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    public static IEndpointConventionBuilder MapCountersignProblems(this IEndpointRouteBuilder endpoints, string pattern = "/errors")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (pattern[0] != '/' || pattern[^1] == '/' || pattern.AsSpan().ContainsAny('{', '}'))
        {
            throw new ArgumentException("Write a path such as /errors: it begins with a slash, does not end with one, and has no parameters.", nameof(pattern));
        }

        Options(endpoints);
        var group = endpoints.MapGroup(pattern).AllowAnonymous().ExcludeFromDescription();
        group.MapGet(string.Empty, static () => Results.Text(ReasonCodePages.Contents));
        var page = group.MapGet("/{code}", static (string code) => ReasonCodePages.Find(code) is { } text ? Results.Text(text) : Results.NotFound());
        ProblemPages.Use(endpoints, page, pattern + "/");
        return group;
    }

    /// <summary>
    /// Maps one route, also one that <see cref="CountersignOptions.Routes"/> leaves out. To give a route another address, leave it out there, and map it here.
    /// </summary>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="route">
    /// The route. <see cref="CountersignRoute.Register"/> is mapped only if <see cref="CountersignOptions.Registration"/> is <see cref="Registration.Open"/>.
    /// </param>
    /// <param name="pattern">
    /// The route's pattern, without <see cref="CountersignOptions.ApiPrefix"/>. It has the parameters of the usual pattern. Null for the usual pattern.
    /// </param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCountersign</c> was not called.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="route"/> is not a member of the enum.</exception>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> lacks a parameter of the usual pattern.</exception>
    public static CountersignEndpointConventionBuilder MapCountersignRoute(
        this IEndpointRouteBuilder endpoints, CountersignRoute route, string? pattern = null) =>
        MapOne(endpoints, route, pattern, SignUpEndpoint.Map);

    /// <summary>Maps the same routes as <see cref="MapCountersign(IEndpointRouteBuilder)"/>, with the app's own fields at sign-up.</summary>
    /// <remarks>
    /// The fields are members of the JSON body beside <c>email</c>, <c>password</c> and <c>display_name</c>, under the names that the app's JSON options
    /// (<c>ConfigureHttpJsonOptions</c>) give them. They are checked by their attributes of <c>System.ComponentModel.DataAnnotations</c>, and by
    /// <c>IValidatableObject</c>, before anything else happens. <see cref="IAccountEvents{TUser}.RegisteringAsync"/> gets them.
    /// </remarks>
    /// <typeparam name="TFields">A record of the app. Its properties are texts, numbers, Booleans, dates, enums, or lists of these.</typeparam>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <returns>All these routes. A convention that is added to the result is added to each of them; <c>ForRoute</c> chooses one.</returns>
    /// <exception cref="InvalidOperationException">
    /// <c>AddCountersign</c> or <c>AddAccountEvents</c> was not called, so nothing would read the fields, or a property has another type.
    /// </exception>
    public static CountersignEndpointConventionBuilder MapCountersign<TFields>(this IEndpointRouteBuilder endpoints)
        where TFields : class =>
        CountersignEndpointConventionBuilder.Join(
            endpoints.MapCountersignAuth<TFields>(), endpoints.MapCountersignUsers(), endpoints.MapCountersignMetadata());

    /// <summary>
    /// Maps the same routes as <see cref="MapCountersignAuth(IEndpointRouteBuilder, string?)"/>, with the app's own fields at sign-up, as
    /// <see cref="MapCountersign{TFields}"/> has them.
    /// </summary>
    /// <typeparam name="TFields">A record of the app. Its properties are texts, numbers, Booleans, dates, enums, or lists of these.</typeparam>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="prefix">The path before <c>/auth</c>; null for <see cref="CountersignOptions.ApiPrefix"/>.</param>
    /// <returns>These routes.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="MapCountersign{TFields}"/>.</exception>
    public static CountersignEndpointConventionBuilder MapCountersignAuth<TFields>(this IEndpointRouteBuilder endpoints, string? prefix = null)
        where TFields : class
    {
        ThrowIfFieldsAreUnread<TFields>(endpoints);
        return Map(endpoints, RouteGroup.Auth, prefix, SignUpEndpoint.Map<TFields>);
    }

    /// <summary>
    /// Maps sign-up alone with the app's own fields, as <see cref="MapCountersign{TFields}"/> has them. It is mapped only if
    /// <see cref="CountersignOptions.Registration"/> is <see cref="Registration.Open"/>.
    /// </summary>
    /// <typeparam name="TFields">A record of the app. Its properties are texts, numbers, Booleans, dates, enums, or lists of these.</typeparam>
    /// <param name="endpoints">The app, or a group of its routes.</param>
    /// <param name="pattern">The route's pattern, without <see cref="CountersignOptions.ApiPrefix"/>. Null for the usual pattern.</param>
    /// <returns>The route.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="MapCountersign{TFields}"/>.</exception>
    public static CountersignEndpointConventionBuilder MapCountersignRegister<TFields>(this IEndpointRouteBuilder endpoints, string? pattern = null)
        where TFields : class
    {
        ThrowIfFieldsAreUnread<TFields>(endpoints);
        return MapOne(endpoints, CountersignRoute.Register, pattern, SignUpEndpoint.Map<TFields>);
    }

    private static void ThrowIfFieldsAreUnread<TFields>(IEndpointRouteBuilder endpoints)
        where TFields : class
    {
        Options(endpoints);
        var services = endpoints.ServiceProvider;
        services.GetRequiredService<SignUpFields<TFields>>();
        if (!services.GetRequiredService<ISignInEvents>().Any)
        {
            throw new InvalidOperationException(
                $"Nothing would read the fields {typeof(TFields).Name} of a sign-up. Write a class with IAccountEvents<TUser>, whose RegisteringAsync puts "
                + "them into the account, and add it: AddCountersign<TUser>().AddAccountEvents<TEvents>().");
        }
    }

    private static CountersignEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, RouteGroup group, string? prefix, Action<RouteMap> mapSignUp)
    {
        var options = Options(endpoints);
        var routes = endpoints.ServiceProvider.GetRequiredService<IOptions<CountersignRouteOptions>>().Value;
        var path = (prefix ?? options.ApiPrefix) + group.Path;
        return Map(endpoints, group, path, route => routes.Has(route) && IsOpen(route, endpoints, options), null, mapSignUp);
    }

    private static CountersignEndpointConventionBuilder MapOne(
        IEndpointRouteBuilder endpoints, CountersignRoute route, string? pattern, Action<RouteMap> mapSignUp)
    {
        if (!Enum.IsDefined(route))
        {
            throw new ArgumentOutOfRangeException(nameof(route), route, "Not a member of CountersignRoute.");
        }

        var options = Options(endpoints);
        var group = RouteGroup.Of(route);
        var path = pattern is null ? options.ApiPrefix + group.Path : string.Empty;
        return Map(endpoints, group, path, one => one == route && IsOpen(one, endpoints, options), pattern, mapSignUp);
    }

    private static CountersignEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints,
        RouteGroup group,
        string path,
        Func<CountersignRoute, bool> isWanted,
        string? pattern,
        Action<RouteMap> mapSignUp)
    {
        var routes = endpoints.MapGroup(group.IsAtTheRoot ? string.Empty : path).WithTags(group.Tag);
        if (!group.IsAtTheRoot)
        {
            routes.WithProblems(BodyProblems.HttpsRequired, BodyProblems.CredentialInQuery, OutageFilter.Problem)
                .AddEndpointFilter<RouteGroupBuilder, OutageFilter>()
                .AddEndpointFilter<RouteGroupBuilder, TransportFilter>();
        }

        var map = new RouteMap(routes, isWanted, pattern);
        group.Map(map, mapSignUp);
        return new CountersignEndpointConventionBuilder(routes, map.Mapped);
    }

    /// <summary>Whether the settings have what a route needs.</summary>
    private static bool IsOpen(CountersignRoute route, IEndpointRouteBuilder endpoints, CountersignOptions options) => route switch
    {
        CountersignRoute.Register => options.Registration is Registration.Open,
        CountersignRoute.ForgotPassword or CountersignRoute.ResetPassword or CountersignRoute.ResendConfirmation or CountersignRoute.ConfirmEmail =>
            endpoints.ServiceProvider.GetRequiredService<MailTransport>().CanSend,
        _ => true,
    };

    private static CountersignOptions Options(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(SessionService)) == false)
        {
            throw new InvalidOperationException("Call builder.Services.AddCountersign<TUser>() before the routes are mapped.");
        }

        return endpoints.ServiceProvider.GetRequiredService<IOptions<CountersignOptions>>().Value;
    }
}
