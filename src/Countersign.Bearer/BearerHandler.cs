using System.Security.Claims;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// Authenticates a request by its bearer token, and writes all refusals of the scheme. One instance serves one request. <see cref="BearerTokenSource"/> finds
/// the token, and the <see cref="BearerScheme"/> validates it.
/// </summary>
/// <remarks>This is not an <c>AuthenticationHandler&lt;TOptions&gt;</c>, because it has no options to monitor and uses no exceptions for failures.</remarks>
internal sealed class BearerHandler(BearerSchemes schemes) : IAuthenticationHandler
{
    private static readonly Task<AuthenticateResult> NoResult = Task.FromResult(AuthenticateResult.NoResult());

    private HttpContext? _context;
    private string _name = CountersignBearerDefaults.AuthenticationScheme;
    private BearerScheme? _scheme;
    private Task<AuthenticateResult>? _result;

    private HttpContext Context => _context ?? throw new InvalidOperationException("The handler was not initialised.");

    private BearerScheme Scheme => _scheme ?? throw new InvalidOperationException("The handler was not initialised.");

    /// <inheritdoc />
    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        _name = scheme.Name;
        _scheme = schemes.Find(scheme.Name);
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

    private Task<AuthenticateResult> DecideAsync()
    {
        var credential = BearerTokenSource.Find(Context.Request, Scheme);
        if (credential.Problem is { } problem)
        {
            return Task.FromResult(Fail(problem, TokenOrigin.Unknown));
        }

        if (!credential.IsSent)
        {
            return NoResult;
        }

        // Nearly every decision is synchronous, and then no state machine is needed.
        var decision = Scheme.DecideAsync(Context, credential.Token);
        return decision.IsCompletedSuccessfully
            ? Task.FromResult(Conclude(decision.Result, credential.Token))
            : WaitAsync(decision, credential.Token);
    }

    private async Task<AuthenticateResult> WaitAsync(ValueTask<BearerDecision> decision, ReadOnlyMemory<char> token) =>
        Conclude(await decision.ConfigureAwait(false), token);

    private AuthenticateResult Conclude(in BearerDecision decision, ReadOnlyMemory<char> token)
    {
        if (decision.Claims is not { } claims)
        {
            return Fail(decision.Problem!, decision.Origin);
        }

        // A token that the app's own scheme has accepted stays the one that endpoints find, even if other schemes accept the same token.
        if (BearerToken.FindOwn(Context) is null)
        {
            Context.Features.Set(new BearerToken(claims, _name));
        }

        var properties = new AuthenticationProperties(new BearerItems(token, claims.ExpiresAt));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new BearerIdentity(claims, _name)), properties, _name));
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
