using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Countersign.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The route that makes an account, with fields of the app or without.</summary>
internal static class SignUpEndpoint
{
    private const string Path = "/register";

    /// <summary>The longest wait until a network may sign up again.</summary>
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    /// <summary>An example of what the app's own events answer.</summary>
    private static readonly AccountRefusal Example = new("not_invited", "Sign-up is for invited people");

    /// <summary>Maps the route on the group <c>auth</c>.</summary>
    public static void Map(RouteMap auth) => Describe(
        auth.MapBody(CountersignRoute.Register, HttpMethods.Post, Path, RegisterAsync),
        "Nothing else of an account can be set by who makes it: other members are refused.");

    /// <summary>Maps the route with fields of the app.</summary>
    public static void Map<TFields>(RouteMap auth)
        where TFields : class => Describe(
            auth.MapBody(CountersignRoute.Register, HttpMethods.Post, Path, RegisterWithFieldsAsync<TFields>),
            "Nothing else of an account can be set by who makes it: other members are refused. The service may refuse a sign-up for reasons of its own.")
        .WithProblems(EndpointProblems.Of(Example));

    internal static async Task<Results<CreatedJson<UserResponse>, AcceptedResponse, ProblemResult>> RegisterAsync(
        Body<RegisterRequest> body, IAccountEditor accounts, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken) =>
        body.TryGet(out var request, out var problem)
            ? await CreateAsync(request, new SignUpContext(context, fields: null), accounts, limits, cancellationToken).ConfigureAwait(false)
            : new ProblemResult(problem);

    internal static async Task<Results<CreatedJson<UserResponse>, AcceptedResponse, ProblemResult>> RegisterWithFieldsAsync<TFields>(
        SignUpBody<TFields> body, IAccountEditor accounts, NetworkLimits limits, HttpContext context, CancellationToken cancellationToken)
        where TFields : class =>
        body.TryGet(out var request, out var fields, out var problem)
            ? await CreateAsync(request, new SignUpContext(context, fields), accounts, limits, cancellationToken).ConfigureAwait(false)
            : new ProblemResult(problem);

    private static async Task<Results<CreatedJson<UserResponse>, AcceptedResponse, ProblemResult>> CreateAsync(
        RegisterRequest request, SignUpContext signUp, IAccountEditor accounts, NetworkLimits limits, CancellationToken cancellationToken)
    {
        var client = ClientAddress.From(signUp.HttpContext);
        if (limits.Registrations.TryTake(client.Network) is { } retryAfter)
        {
            return new ProblemResult(LimitProblems.TooManyRequests(retryAfter));
        }

        var origin = new PasswordQueueKey(client.QueueNetwork, Account: null);
        var mail = MailRequests.From(signUp.HttpContext);
        var change = await accounts.RegisterAsync(request.Email, request.Password, request.DisplayName, origin, signUp, mail, cancellationToken)
            .ConfigureAwait(false);
        if (change.IsAccepted)
        {
            return AcceptedResponse.Instance;
        }

        return change.Succeeded
            ? new CreatedJson<UserResponse>(UserResponse.Of(change.Profile))
            : new ProblemResult(EndpointProblems.Of(change, RegisterRequest.PasswordName));
    }

    private static IEndpointConventionBuilder Describe(IEndpointConventionBuilder route, string description) => route
        .AllowAnonymousByDefault()
        .WithSummary("Make an account")
        .WithDescription(
            description + " If the service requires a confirmed address, the answer is 202 whether the address has an account or not, and a mail says more.")
        .WithProblems(
            EndpointProblems.EmailInvalid, EndpointProblems.PasswordTooShort(RegisterRequest.PasswordName), EndpointProblems.DisplayNameInvalid,
            EndpointProblems.DisplayNameUnsupported, EndpointProblems.EmailTaken, LimitProblems.TooManyRequests(AMinute));
}
