using System.Diagnostics.CodeAnalysis;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The result of a password check. The zero value names no account, and is not a success.</summary>
internal readonly struct PasswordCheck
{
    private PasswordCheck(string? userId, ReadOnlyMemory<byte> stamp, SignInError? fault, TimeSpan retryAfter)
    {
        UserId = userId;
        Stamp = stamp;
        Fault = fault;
        RetryAfter = retryAfter;
    }

    /// <summary>The account with this password; null if the password was not accepted.</summary>
    public string? UserId { get; }

    /// <summary>The account's stamp, read together with the hash. A session that this check starts must carry it.</summary>
    public ReadOnlyMemory<byte> Stamp { get; }

    /// <summary>Null on success.</summary>
    public SignInError? Fault { get; }

    /// <summary>With <see cref="SignInError.TooManyAttempts"/>: how long to wait, in whole seconds, at least one. Otherwise zero.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>Whether the password is right, and the account is active and not locked.</summary>
    [MemberNotNullWhen(true, nameof(UserId))]
    public bool Succeeded => UserId is not null;

    public static PasswordCheck Accepted(string userId, ReadOnlyMemory<byte> stamp) => new(userId, stamp, null, TimeSpan.Zero);

    public static PasswordCheck Wrong() => new(null, default, SignInError.WrongCredentials, TimeSpan.Zero);

    public static PasswordCheck TooManyAttempts(TimeSpan wait) =>
        new(null, default, SignInError.TooManyAttempts, TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds))));
}
