namespace Countersign.Passwords;

/// <summary>
/// The engine has no place for this piece of work: its queue is full, the network or the account has its share already, or the work waited too long.
/// Nothing was computed; at the edge of an application it is 503 with <c>Retry-After</c> (RFC 9110 §15.6.4).
/// </summary>
public sealed class PasswordEngineBusyException : Exception
{
    /// <summary>Makes the exception with the time after which another try is worthwhile.</summary>
    /// <param name="retryAfter">At least one second, in whole seconds.</param>
    public PasswordEngineBusyException(TimeSpan retryAfter)
        : base("The password engine has no place for more work now.") => RetryAfter = retryAfter;

    /// <summary>When another try is worthwhile: whole seconds, at least one, for the <c>Retry-After</c> header (RFC 9110 §10.2.3).</summary>
    public TimeSpan RetryAfter { get; }
}
