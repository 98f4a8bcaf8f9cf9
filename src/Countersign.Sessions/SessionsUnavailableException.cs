namespace Countersign.Sessions;

/// <summary>
/// Sessions or keys can't be read or written now. Nothing was decided, or the decision is not known. A client sends its token again later. A change that must
/// not happen twice, such as a rotation of the keys, must be checked first.
/// </summary>
public sealed class SessionsUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public SessionsUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>When to try again, for the <c>Retry-After</c> header: one second.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
