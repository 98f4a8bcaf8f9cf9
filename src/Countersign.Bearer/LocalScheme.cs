using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer;

/// <summary>The scheme of an app that has its own validator, with its own keys.</summary>
internal sealed class LocalScheme(
    TokenValidator validator,
    [FromKeyedServices(CountersignBearerDefaults.AuthenticationScheme)] BearerSettings settings,
    AccessTokenFilter? filter = null) : BearerScheme(settings)
{
    /// <inheritdoc />
    public override string? Issuer => validator.Issuer;

    /// <inheritdoc />
    public override ValueTask<BearerDecision> DecideAsync(HttpContext context, ReadOnlyMemory<char> token)
    {
        var error = validator.CheckAccess(token.Span, out var claims);
        if (error is TokenError.Stale && AcceptsStale(context))
        {
            error = null;
        }

        if (error is not null || claims is null)
        {
            return ValueTask.FromResult(BearerDecision.Refuse(BearerProblems.Of(error!.Value), TokenOrigin.Unknown));
        }

        if (filter is null)
        {
            return ValueTask.FromResult(BearerDecision.Accept(claims));
        }

        // Nearly every decision is synchronous, and then no state machine is needed.
        var problem = filter(context, claims);
        return problem.IsCompletedSuccessfully ? ValueTask.FromResult(Conclude(problem.Result, claims)) : WaitAsync(problem, claims);
    }

    private static bool AcceptsStale(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata && AcceptsStaleTokenMetadata.Holds(metadata);

    private static async ValueTask<BearerDecision> WaitAsync(ValueTask<Problem?> problem, TokenClaims claims) =>
        Conclude(await problem.ConfigureAwait(false), claims);

    private static BearerDecision Conclude(Problem? problem, TokenClaims claims) =>
        problem is null ? BearerDecision.Accept(claims) : BearerDecision.Refuse(problem, TokenOrigin.Own);
}
