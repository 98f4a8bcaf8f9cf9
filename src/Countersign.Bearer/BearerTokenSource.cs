using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>Finds the token of a request, and does not validate it. <see cref="Find"/> lists every place where a token can be.</summary>
internal static class BearerTokenSource
{
    private const string Scheme = "Bearer";
    private const string QueryParameter = "access_token";

    /// <summary>Finds the token in the <c>Authorization</c> header (RFC 6750 §2.1). The header has precedence over other places.</summary>
    public static BearerCredential Find(HttpRequest request)
    {
        var values = request.Headers.Authorization;
        if (values.Count > 1)
        {
            return BearerCredential.Malformed(BearerProblems.AuthorizationRepeated);
        }

        // A token in a URL gets into logs and histories (RFC 9700 §4.3.2). So the request is refused even if it also has a valid token in the header.
        if (request.QueryString.HasValue && request.Query.ContainsKey(QueryParameter))
        {
            return BearerCredential.Malformed(BearerProblems.TokenInQuery);
        }

        return ReadHeader(values.Count == 1 ? values[0] : null);
    }

    /// <summary>Reads the header's value: the scheme, one space, the token. A value of another scheme is ignored.</summary>
    private static BearerCredential ReadHeader(string? header)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        // "Bearer" with nothing after it is a malformed token of this scheme, and the validator refuses it.
        return header.Length == Scheme.Length ? BearerCredential.Sent(default)
            : header[Scheme.Length] == ' ' ? BearerCredential.Sent(header.AsMemory(Scheme.Length + 1))
            : default;
    }
}
