using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>Checks the tokens of one scheme, with the app's own validator or with the keys of an authority.</summary>
internal abstract class BearerScheme
{
    /// <param name="context">The request.</param>
    /// <param name="token">The token, without the scheme and spaces.</param>
    public abstract ValueTask<BearerDecision> DecideAsync(HttpContext context, ReadOnlyMemory<char> token);
}
