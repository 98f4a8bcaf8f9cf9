using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>The scheme of an app that has a validator of its own, and so the keys.</summary>
internal sealed class LocalScheme(TokenValidator validator, AccessTokenFilter? gate = null) : BearerScheme
{
    /// <inheritdoc />
    public override async ValueTask<BearerDecision> DecideAsync(HttpContext context, string header, int start)
    {
        if (!validator.TryValidate(header.AsSpan(start), out var claims, out var error))
        {
            return BearerDecision.Refuse(BearerProblems.Of(error.Value), TokenOrigin.Unknown);
        }

        return gate is not null && await gate(context, claims).ConfigureAwait(false) is { } problem
            ? BearerDecision.Refuse(problem, TokenOrigin.Own)
            : BearerDecision.Accept(claims);
    }
}
