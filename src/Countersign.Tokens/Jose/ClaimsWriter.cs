using System.Text.Json;

namespace Countersign.Tokens.Jose;

/// <summary>Writes a claims set. The order of members is fixed, so that equal descriptions give equal bytes.</summary>
internal static class ClaimsWriter
{
    /// <summary>Longest <c>sub</c> and <c>jti</c> in characters, as in the core of OpenID Connect (section 2).</summary>
    public const int MaxIdentifierLength = 255;

    public static void Write(Utf8JsonWriter writer, TokenPolicy policy, TokenDescriptor description)
    {
        var access = description.Type == TokenType.Access;
        writer.WriteStartObject();
        WriteText(writer, KnownClaim.Issuer, policy.Issuer);
        WriteText(writer, KnownClaim.Subject, description.Subject);
        WriteText(writer, KnownClaim.Audience, access ? policy.Audience : null);
        WriteText(writer, KnownClaim.ClientId, access && !policy.IsSharedSecret ? policy.ClientId : null);
        WriteNumber(writer, KnownClaim.ExpiresAt, description.ExpiresAt.ToUnixTimeSeconds());
        WriteNumber(writer, KnownClaim.IssuedAt, description.IssuedAt.ToUnixTimeSeconds());
        WriteText(writer, KnownClaim.TokenId, description.TokenId);
        if (description.SessionId is { } sessionId)
        {
            writer.WriteString(KnownClaims.Encode(KnownClaim.SessionId), sessionId);
        }

        WriteText(writer, KnownClaim.Type, TypeClaims.Write(description.Type));
        WriteNumber(writer, KnownClaim.AuthenticatedAt, description.AuthenticatedAt?.ToUnixTimeSeconds());
        WriteTexts(writer, KnownClaim.Methods, description.Methods);
        WriteTexts(writer, KnownClaim.Roles, description.Roles);
        WriteNumber(writer, KnownClaim.Epoch, description.Epoch);
        WriteNumber(writer, KnownClaim.Revision, description.Revision);
        WriteMembers(writer, description.Claims ?? []);
        writer.WriteEndObject();
    }

    /// <summary>Writes an object of further claims alone.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, ClaimValue>> claims)
    {
        writer.WriteStartObject();
        WriteMembers(writer, claims);
        writer.WriteEndObject();
    }

    /// <summary>Throws for a descriptor that this package would not accept as a token. All of these faults are bugs of the caller.</summary>
    public static void ThrowIfNotWritable(TokenPolicy policy, TokenDescriptor description)
    {
        ThrowIfNotIdentifier(description.Subject, nameof(description.Subject));
        if (description.TokenId is not null)
        {
            ThrowIfNotIdentifier(description.TokenId, nameof(description.TokenId));
        }

        ThrowIfNotTimes(policy, description);
        if (description.Epoch < 0 || description.Revision < 0)
        {
            throw new ArgumentException("The epoch and the revision must be 0 or more.", nameof(description));
        }

        ThrowIfNotTexts(description.Methods, nameof(description.Methods));
        ThrowIfNotTexts(description.Roles, nameof(description.Roles));
        ThrowIfNotClaims(description.Claims ?? []);
    }

    private static void ThrowIfNotTimes(TokenPolicy policy, TokenDescriptor description)
    {
        var issuedAt = description.IssuedAt.ToUnixTimeSeconds();
        var lifetime = description.ExpiresAt.ToUnixTimeSeconds() - issuedAt;
        if (issuedAt < 0 || description.AuthenticatedAt?.ToUnixTimeSeconds() < 0)
        {
            throw new ArgumentException("The instants of a token must be after 1969.", nameof(description));
        }

        if (lifetime < 1)
        {
            throw new ArgumentException("A token must expire at least one second after it was issued.", nameof(description));
        }

        if (description.Type == TokenType.Access && lifetime > policy.MaxAccessLifetime.TotalSeconds)
        {
            throw new ArgumentException(
                $"The lifetime of {lifetime} s is above {nameof(TokenPolicy.MaxAccessLifetime)} ({policy.MaxAccessLifetime}).", nameof(description));
        }
    }

    private static void ThrowIfNotIdentifier(string value, string name)
    {
        if (value is not { Length: > 0 and <= MaxIdentifierLength } || !WellFormedText.Is(value))
        {
            throw new ArgumentException($"{name} must be well-formed text of 1 to {MaxIdentifierLength} characters.", name);
        }
    }

    private static void ThrowIfNotTexts(IReadOnlyList<string>? values, string name)
    {
        foreach (var value in values ?? [])
        {
            if (value is null || !WellFormedText.Is(value))
            {
                throw new ArgumentException($"{name} has an entry that is null or has a lone surrogate.", name);
            }
        }
    }

    private static void ThrowIfNotClaims(IReadOnlyList<KeyValuePair<string, ClaimValue>> claims)
    {
        for (var i = 0; i < claims.Count; i++)
        {
            var name = claims[i].Key;
            if (name is null || KnownClaims.IsReserved(name) || !WellFormedText.Is(name))
            {
                throw new ArgumentException($"\"{name}\" is not an allowed name for a further claim.", nameof(claims));
            }

            for (var earlier = 0; earlier < i; earlier++)
            {
                if (string.Equals(claims[earlier].Key, name, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"The claim \"{name}\" occurs twice.", nameof(claims));
                }
            }

            claims[i].Value.ThrowIfUnset(nameof(claims));
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, ClaimValue>> claims)
    {
        foreach (var (name, value) in claims)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, KnownClaim claim, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(KnownClaims.Encode(claim), value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, KnownClaim claim, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(KnownClaims.Encode(claim), number);
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, KnownClaim claim, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartArray(KnownClaims.Encode(claim));
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
