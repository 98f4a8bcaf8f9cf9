using System.Diagnostics.CodeAnalysis;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The outcome of a password check. The zero value names no account, and is no success.</summary>
internal readonly struct PasswordCheck
{
    private PasswordCheck(string? userId, ReadOnlyMemory<byte> stamp, SignInError? fault, TimeSpan retryAfter)
    {
        UserId = userId;
        Stamp = stamp;
        Fault = fault;
        RetryAfter = retryAfter;
    }

    /// <summary>The account whose password it was; null when it was refused.</summary>
    public string? UserId { get; }

    /// <summary>The account's stamp as it was read together with the hash: what a session started by this check must carry.</summary>
    public ReadOnlyMemory<byte> Stamp { get; }

    /// <summary>Null on success.</summary>
    public SignInError? Fault { get; }

    /// <summary>With <see cref="SignInError.TooManyAttempts"/>: when another try is worthwhile, in whole seconds, at least one. Otherwise zero.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>Whether the password was the account's, and the account is active and not locked.</summary>
    [MemberNotNullWhen(true, nameof(UserId))]
    public bool Succeeded => UserId is not null;

    public static PasswordCheck Accepted(string userId, ReadOnlyMemory<byte> stamp) => new(userId, stamp, null, TimeSpan.Zero);

    public static PasswordCheck Wrong() => new(null, default, SignInError.WrongCredentials, TimeSpan.Zero);

    public static PasswordCheck TooManyAttempts(TimeSpan wait) =>
        new(null, default, SignInError.TooManyAttempts, TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds))));
}
