using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>Finds the token of a request, and does not validate it. <see cref="Find"/> lists every place where a token can be.</summary>
internal static class BearerTokenSource
{
    private const string Scheme = "Bearer";
    private const string QueryParameter = "access_token";

    /// <summary>
    /// Finds the token in the <c>Authorization</c> header (RFC 6750 §2.1), or in the query on the paths that the app has named for it. The header has
    /// precedence over other places.
    /// </summary>
    public static BearerCredential Find(HttpRequest request, BearerScheme scheme)
    {
        var values = request.Headers.Authorization;
        if (values.Count > 1)
        {
            return BearerCredential.Malformed(BearerProblems.AuthorizationRepeated);
        }

        var credential = ReadHeader(values.Count == 1 ? values[0] : null);
        if (!request.QueryString.HasValue || !request.Query.TryGetValue(QueryParameter, out var inQuery))
        {
            return credential;
        }

        // A token in a URL gets into logs and histories (RFC 9700 §4.3.2). So the request is refused even if it also has a valid token in the header. Browsers
        // can't send a header with a WebSocket, so an app may name the paths of its hubs.
        if (inQuery.Count != 1 || !scheme.TakesQueryToken(request.Path))
        {
            return BearerCredential.Malformed(BearerProblems.TokenInQuery);
        }

        return credential.IsSent ? credential : BearerCredential.Sent(inQuery[0].AsMemory());
    }

    /// <summary>The text that a request sent as its token, to decide which scheme should check it. It may be refused for its place later.</summary>
    /// <returns>Empty if there is none.</returns>
    public static ReadOnlySpan<char> Peek(HttpRequest request, BearerScheme scheme)
    {
        foreach (var value in request.Headers.Authorization)
        {
            if (ReadHeader(value) is { IsSent: true } credential)
            {
                return credential.Token.Span;
            }
        }

        return request.QueryString.HasValue && scheme.TakesQueryToken(request.Path) && request.Query.TryGetValue(QueryParameter, out var inQuery)
            ? inQuery[0]
            : default(ReadOnlySpan<char>);
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
