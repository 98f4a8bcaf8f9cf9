namespace Countersign.Sessions;

/// <summary>How and from where an account has just proved who it is.</summary>
public sealed class SignInContext
{
    /// <summary>
    /// The account's stamp as it was read with the checked credential. If it has moved, the session does not start. Null if no credential was read: then
    /// the current stamp is taken.
    /// </summary>
    internal ReadOnlyMemory<byte>? Stamp { get; init; }

    /// <summary>
    /// The methods used, values of RFC 8176 §2 for the claim <c>amr</c>; a password by default. An account with a second factor must have shown it: one of
    /// <c>mfa</c>, <c>otp</c>, <c>hwk</c>, <c>swk</c>, <c>sc</c>, <c>sms</c> and <c>tel</c> must be among them.
    /// </summary>
    public IReadOnlyList<string> Methods { get; init; } = ["pwd"];

    /// <summary>
    /// Whether the session takes the place of one that the account has now. What bars new logins alone does not bar it: a lockout, a missing
    /// confirmation, an initial password whose time is over.
    /// </summary>
    internal bool ContinuesSession { get; init; }

    /// <summary>Whether <see cref="Methods"/> name a password.</summary>
    internal bool HasPassword => Methods.Contains("pwd", StringComparer.Ordinal);

    /// <summary>Whether <see cref="Methods"/> name a second factor.</summary>
    internal bool HasSecondFactor => Methods.Any(static method => method is "mfa" or "otp" or "hwk" or "swk" or "sc" or "sms" or "tel");

    /// <summary>The client's <c>User-Agent</c>; null if it sent none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The client's network address; null if it is not known.</summary>
    public string? IpAddress { get; init; }

    /// <summary>A name for a person to know the session by; null for none.</summary>
    public string? Label { get; init; }
}
