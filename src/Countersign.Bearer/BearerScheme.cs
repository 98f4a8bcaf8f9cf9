using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>Checks the tokens of one scheme, with the app's own validator or with the keys of an authority.</summary>
internal abstract class BearerScheme(BearerSettings settings)
{
    private readonly PathString[] _queryTokenPaths = [.. settings.QueryTokenPaths.Select(static path => new PathString(path))];

    /// <summary>The value of <c>iss</c> in the scheme's tokens; null if any is accepted.</summary>
    public abstract string? Issuer { get; }

    /// <param name="context">The request.</param>
    /// <param name="token">The token, without the scheme and spaces.</param>
    public abstract ValueTask<BearerDecision> DecideAsync(HttpContext context, ReadOnlyMemory<char> token);

    /// <summary>Whether a request's path is one on which a token may be in the query, or is below one.</summary>
    public bool TakesQueryToken(PathString path)
    {
        foreach (var named in _queryTokenPaths)
        {
            if (path.StartsWithSegments(named, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
