namespace Countersign.Tokens;

/// <summary>A new token and its expiry.</summary>
public sealed class IssuedToken
{
    internal IssuedToken(string value, DateTimeOffset expiresAt)
    {
        Value = value;
        ExpiresAt = expiresAt;
    }

    /// <summary>The token in compact form (RFC 7515 §7.1). It is a credential: put it into the body of a response and nowhere else.</summary>
    public string Value { get; }

    /// <summary>The instant of <c>exp</c>, in whole seconds.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Returns the type's name, never the token.</summary>
    public override string ToString() => nameof(IssuedToken);
}
