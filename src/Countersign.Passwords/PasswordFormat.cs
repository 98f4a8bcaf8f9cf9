namespace Countersign.Passwords;

/// <summary>The format of new hashes. All known formats can be read with either setting.</summary>
public enum PasswordFormat
{
    /// <summary>
    /// <c>$2b$</c> bcrypt for passwords of at most 72 bytes without NUL, otherwise passlib's <c>$bcrypt-sha256$v=2</c>, with
    /// <see cref="PasswordEngineOptions.Cost"/>. ASP.NET Core Identity's own <c>PasswordHasher</c> throws on these hashes.
    /// </summary>
    Bcrypt = 0,

    /// <summary>
    /// Version 3 of ASP.NET Core Identity's <c>PasswordHasher</c>: PBKDF2 with HMAC-SHA-512 (RFC 8018 §5.2), 16 bytes of salt, 32 of key, and
    /// <see cref="PasswordEngineOptions.IdentityIterations"/>. Like Identity, it hashes the text as it was sent, so every application with the same tables
    /// accepts the same passwords.
    /// </summary>
    Identity = 1,
}
