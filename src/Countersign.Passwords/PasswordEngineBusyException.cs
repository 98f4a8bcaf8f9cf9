namespace Countersign.Passwords;

/// <summary>
/// The engine has no place for more work: its queue is full, the network or the account has used its share, or the work waited too long. Nothing was computed.
/// A web application should answer 503 with <c>Retry-After</c> (RFC 9110 §15.6.4).
/// </summary>
public sealed class PasswordEngineBusyException : Exception
{
    /// <summary>Makes the exception with the time after which the caller should try again.</summary>
    /// <param name="retryAfter">At least one second, in whole seconds.</param>
    public PasswordEngineBusyException(TimeSpan retryAfter)
        : base("The password engine has no place for more work now.") => RetryAfter = retryAfter;

    /// <summary>When to try again: whole seconds, at least one, for the <c>Retry-After</c> header (RFC 9110 §10.2.3).</summary>
    public TimeSpan RetryAfter { get; }
}
