using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Countersign.Sessions.Rotation;
using Countersign.Tokens;
using Countersign.Tokens.Jose;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>The answer to a client that introspects a token (RFC 7662 §2.2). No cache stores it.</summary>
internal sealed class IntrospectionResponse : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    /// <summary>The answer for every token that is not active, whatever the reason.</summary>
    public static readonly IntrospectionResponse Inactive = new("""{"active":false}"""u8.ToArray());

    /// <summary>The claims of an access token that are copied as they are.</summary>
    private static readonly string[] Claims =
    [
        ClaimNames.ClientId, ClaimNames.Subject, ClaimNames.Audience, ClaimNames.Issuer, ClaimNames.ExpiresAt, ClaimNames.IssuedAt, ClaimNames.NotBefore,
        ClaimNames.TokenId, ClaimNames.SessionId, ClaimNames.AuthenticatedAt, ClaimNames.Methods, ClaimNames.Roles,
    ];

    private readonly ReadOnlyMemory<byte> _json;

    private IntrospectionResponse(ReadOnlyMemory<byte> json) => _json = json;

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    /// <summary>The answer for an access token.</summary>
    public static IntrospectionResponse OfAccess(TokenClaims claims) => Write("Bearer", json =>
    {
        foreach (var name in Claims)
        {
            if (claims.TryGetElement(name, out var value))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
    });

    /// <summary>
    /// The answer for a refresh token. No protected route accepts its <c>token_type</c>, and it has no <c>aud</c>, so that it can't be mistaken for an access
    /// token.
    /// </summary>
    public static IntrospectionResponse OfRefresh(RefreshTokenClaims claims, TokenPolicy policy) => Write("refresh_token", json =>
    {
        json.WriteString(ClaimNames.ClientId, policy.ClientId);
        json.WriteString(ClaimNames.Subject, claims.UserId);
        if (policy.Issuer is { } issuer)
        {
            json.WriteString(ClaimNames.Issuer, issuer);
        }

        json.WriteNumber(ClaimNames.ExpiresAt, claims.ExpiresAt.ToUnixTimeSeconds());
        json.WriteNumber(ClaimNames.IssuedAt, claims.IssuedAt.ToUnixTimeSeconds());
        json.WriteString(ClaimNames.SessionId, claims.SessionId);
    });

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(IntrospectionDocument), [MediaTypes.Json]));

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = "no-store";
        response.ContentType = MediaTypes.Json;
        response.ContentLength = _json.Length;
        await response.Body.WriteAsync(_json, httpContext.RequestAborted).ConfigureAwait(false);
    }

    private static IntrospectionResponse Write(string tokenType, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("active"u8, value: true);
            json.WriteString("token_type"u8, tokenType);
            members(json);
            json.WriteEndObject();
        }

        return new IntrospectionResponse(buffer.WrittenMemory);
    }
}
