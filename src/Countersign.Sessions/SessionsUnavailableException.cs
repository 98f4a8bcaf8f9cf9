namespace Countersign.Sessions;

/// <summary>
/// Sessions or keys can't be read or written just now. Nothing has been decided, or nobody can say what was: a client sends what it holds again, later. What
/// must not be done twice, such as a rotation of the keys, is looked at first.
/// </summary>
public sealed class SessionsUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What could not be done.</param>
    /// <param name="innerException">What lay behind it; null if nothing did.</param>
    public SessionsUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>When to try again, for the <c>Retry-After</c> header: one second.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
