namespace Countersign.Sessions;

/// <summary>How, and from where, an account has just proved its identity.</summary>
public sealed class SignInContext
{
    /// <summary>
    /// The account's stamp as it was read together with the checked credential. If the account's stamp has changed since, the session does not start. Null if
    /// no credential was read; then the current stamp is used.
    /// </summary>
    internal ReadOnlyMemory<byte>? Stamp { get; init; }

    /// <summary>
    /// The methods, as values of RFC 8176 §2 for the claim <c>amr</c>; a password by default. An account with a second factor must have shown it. Then one of
    /// <c>mfa</c>, <c>otp</c>, <c>hwk</c>, <c>swk</c>, <c>sc</c>, <c>sms</c> and <c>tel</c> must be in the list.
    /// </summary>
    public IReadOnlyList<string> Methods { get; init; } = ["pwd"];

    /// <summary>
    /// Whether the session replaces one that the account has now. Then the checks that only prevent new logins do not apply: a lockout, a missing confirmation,
    /// an expired initial password.
    /// </summary>
    internal bool ContinuesSession { get; init; }

    /// <summary>Whether <see cref="Methods"/> include a password.</summary>
    internal bool HasPassword => Methods.Contains("pwd", StringComparer.Ordinal);

    /// <summary>Whether <see cref="Methods"/> include a second factor.</summary>
    internal bool HasSecondFactor => Methods.Any(static method => method is "mfa" or "otp" or "hwk" or "swk" or "sc" or "sms" or "tel");

    /// <summary>The client's <c>User-Agent</c>; null if it sent none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The client's network address; null if it is not known.</summary>
    public string? IpAddress { get; init; }

    /// <summary>A name by which a person recognizes the session; null for none.</summary>
    public string? Label { get; init; }
}
