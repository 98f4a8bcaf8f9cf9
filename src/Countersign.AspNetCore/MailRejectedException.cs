namespace Countersign.AspNetCore;

/// <summary>A mail can never be delivered: the receiving side refuses the address or the mail for good (RFC 5321 §4.2.1, answers 5yz).</summary>
public sealed class MailRejectedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public MailRejectedException()
        : base("The mail was rejected.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What the other side has answered, without the address and the link. An operator reads it.</param>
    public MailRejectedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What the other side has answered, without the address and the link. An operator reads it.</param>
    /// <param name="innerException">The failure that it stands for.</param>
    public MailRejectedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
