namespace Countersign.Sessions;

/// <summary>Sessions can't be read or written just now. Nothing has been decided: a client sends what it holds again, later.</summary>
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
