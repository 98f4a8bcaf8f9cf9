using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>How the tokens of one scheme are checked: by the app's own validator, or with the keys of an authority.</summary>
internal abstract class BearerScheme
{
    /// <summary>Checks a token.</summary>
    /// <param name="context">The request.</param>
    /// <param name="header">The value of the <c>Authorization</c> header.</param>
    /// <param name="start">Where in it the token begins.</param>
    public abstract ValueTask<BearerDecision> DecideAsync(HttpContext context, string header, int start);
}
