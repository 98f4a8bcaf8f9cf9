namespace Countersign.Tokens;

/// <summary>A token just made, and when it expires.</summary>
public sealed class IssuedToken
{
    internal IssuedToken(string value, DateTimeOffset expiresAt)
    {
        Value = value;
        ExpiresAt = expiresAt;
    }

    /// <summary>The token in compact form (RFC 7515 §7.1). A credential: it belongs in an answer's body and nowhere else.</summary>
    public string Value { get; }

    /// <summary>The instant of <c>exp</c>, in whole seconds.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The type's name; never the token.</summary>
    public override string ToString() => nameof(IssuedToken);
}
