using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>Finds the token of a request, and never asks whether it is good. Every place that a token may come from stands in <see cref="Find"/>.</summary>
internal static class BearerTokenSource
{
    private const string Scheme = "Bearer";
    private const string QueryParameter = "access_token";

    /// <summary>Finds the one token: in the <c>Authorization</c> header (RFC 6750 §2.1), which wins over whatever follows it.</summary>
    public static BearerCredential Find(HttpRequest request)
    {
        var values = request.Headers.Authorization;
        if (values.Count > 1)
        {
            return BearerCredential.Malformed(BearerProblems.AuthorizationRepeated);
        }

        // A token in a URL gets into logs and histories (RFC 9700 §4.3.2), so even a good one beside it is refused.
        if (request.QueryString.HasValue && request.Query.ContainsKey(QueryParameter))
        {
            return BearerCredential.Malformed(BearerProblems.TokenInQuery);
        }

        return ReadHeader(values.Count == 1 ? values[0] : null);
    }

    /// <summary>Reads the header's value: the scheme, one space, the token. Another scheme's is no token of ours.</summary>
    private static BearerCredential ReadHeader(string? header)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        // "Bearer" with nothing behind it is a token of this scheme that is malformed, and gets its answer from the validator.
        return header.Length == Scheme.Length ? BearerCredential.Sent(default)
            : header[Scheme.Length] == ' ' ? BearerCredential.Sent(header.AsMemory(Scheme.Length + 1))
            : default;
    }
}
