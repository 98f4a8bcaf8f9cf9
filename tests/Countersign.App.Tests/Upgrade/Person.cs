using OtpNet;

namespace Countersign.App.Tests.Upgrade;

/// <summary>A user of the app, and what they know.</summary>
internal sealed class Person(string kind, string email)
{
    /// <summary>What kind of user this is, as the tables say it.</summary>
    public string Kind { get; } = kind;

    public string Email { get; } = email;

    /// <summary>It follows Identity's rules of composition, which the app has not changed.</summary>
    public string Password { get; set; } = "Correct-horse-7";

    /// <summary>The key of the authenticator app, in base32; null for none.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>The body of MapIdentityApi's login.</summary>
    /// <param name="sendsCode">Whether the code of the authenticator app is in it.</param>
    public object IdentityLogin(bool sendsCode) =>
        sendsCode ? new { email = Email, password = Password, twoFactorCode = Code() } : new { email = Email, password = Password };

    /// <summary>The code that an authenticator app shows now (RFC 6238, with 30 seconds and six digits).</summary>
    public string Code() => new Totp(Base32Encoding.ToBytes(AuthenticatorKey!)).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
}
