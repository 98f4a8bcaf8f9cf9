namespace Countersign.Passwords.Queueing;

/// <summary>The queue's answer to a newcomer.</summary>
internal enum Admission
{
    /// <summary>Never given.</summary>
    None = 0,
    Admitted,
    QueueFull,
    NetworkFull,
    AccountFull,
    Closed,
}
