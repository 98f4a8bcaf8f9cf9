using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer;

/// <summary>
/// Authenticates a request by its bearer token (RFC 6750 §2.1) and writes every refusal of the scheme. One instance serves one request.
/// </summary>
/// <remarks>Not an <c>AuthenticationHandler&lt;TOptions&gt;</c>: there are no options to monitor, and no failure is an exception on the way.</remarks>
internal sealed class BearerHandler(IServiceProvider services) : IAuthenticationHandler
{
    private const string Scheme = "Bearer";
    private const string QueryParameter = "access_token";

    private HttpContext? _context;
    private string _name = BearerDefaults.AuthenticationScheme;
    private BearerScheme? _scheme;
    private Task<AuthenticateResult>? _result;

    private HttpContext Context => _context ?? throw new InvalidOperationException("The handler was not initialised.");

    /// <inheritdoc />
    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        _name = scheme.Name;
        _scheme = services.GetRequiredKeyedService<BearerScheme>(scheme.Name);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<AuthenticateResult> AuthenticateAsync() => _result ??= DecideAsync();

    /// <inheritdoc />
    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync().ConfigureAwait(false);
        await RefuseAsync(Context.Features.Get<RefusedToken>()?.Problem ?? BearerProblems.NoCredential).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task ForbidAsync(AuthenticationProperties? properties) =>
        RefuseAsync(Context.Features.Get<ProblemFeature>()?.Problem ?? BearerProblems.Forbidden);

    private async Task<AuthenticateResult> DecideAsync()
    {
        if (!TryReadToken(Context.Request, out var header, out var fault))
        {
            return fault is null ? AuthenticateResult.NoResult() : Fail(fault, TokenOrigin.Unknown);
        }

        var decision = await _scheme!.DecideAsync(Context, header, Scheme.Length + 1).ConfigureAwait(false);
        if (decision.Claims is not { } claims)
        {
            return Fail(decision.Problem!, decision.Origin);
        }

        // What the app's own scheme has accepted stays what endpoints find, whatever other schemes make of the same token.
        if (BearerToken.FindOwn(Context) is null)
        {
            Context.Features.Set(new BearerToken(claims, _name));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new BearerIdentity(claims, _name)), _name));
    }

    /// <summary>Finds the one header that carries a token.</summary>
    /// <param name="request">The request.</param>
    /// <param name="header">The header's value, with the scheme and one space before the token.</param>
    /// <param name="problem">Null also where there is no header of this scheme: another scheme may know it.</param>
    private static bool TryReadToken(HttpRequest request, [NotNullWhen(true)] out string? header, out Problem? problem)
    {
        var values = request.Headers.Authorization;
        header = values.Count == 1 ? values[0] : null;
        problem = values.Count > 1 ? BearerProblems.AuthorizationRepeated
            : request.QueryString.HasValue && request.Query.ContainsKey(QueryParameter) ? BearerProblems.TokenInQuery
            : null;
        if (problem is not null || header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // "Bearer" with nothing behind it is a token of this scheme that is malformed, and gets its answer from the validator.
        header = header.Length == Scheme.Length ? header + ' ' : header;
        return header[Scheme.Length] == ' ';
    }

    private AuthenticateResult Fail(Problem problem, TokenOrigin origin)
    {
        if (Context.Features.Get<RefusedToken>() is not { } other || origin > other.Origin)
        {
            Context.Features.Set(new RefusedToken(problem, origin));
        }

        return AuthenticateResult.Fail(problem.Code);
    }

    private Task RefuseAsync(Problem problem) => new ProblemResult(problem).ExecuteAsync(Context);
}
