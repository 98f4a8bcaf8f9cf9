namespace Countersign.Sessions;

/// <summary>How and from where an account has just proved who it is.</summary>
public sealed class SignInContext
{
    /// <summary>
    /// The account's stamp as it was read together with the credential that was checked; the session refuses to start if it has moved. Null when there was
    /// nothing to read it with: then the stamp of the moment is taken.
    /// </summary>
    public ReadOnlyMemory<byte>? Stamp { get; init; }

    /// <summary>The methods used, values of RFC 8176 for the claim <c>amr</c>; a password by default.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["pwd"];

    /// <summary>The client's <c>User-Agent</c>; null if it sent none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The client's network address; null if it is not known.</summary>
    public string? IpAddress { get; init; }

    /// <summary>A name for a person to know the session by; null for none.</summary>
    public string? Label { get; init; }
}
