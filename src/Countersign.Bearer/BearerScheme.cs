using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>How the tokens of one scheme are checked: by the app's own validator, or with the keys of an authority.</summary>
internal abstract class BearerScheme
{
    /// <summary>Checks a token, wherever it comes from.</summary>
    /// <param name="context">The request.</param>
    /// <param name="token">The token, with nothing around it.</param>
    public abstract ValueTask<BearerDecision> DecideAsync(HttpContext context, ReadOnlyMemory<char> token);
}
