namespace Countersign.Passwords.Queueing;

/// <summary>Whether the queue accepts new work, or why not.</summary>
internal enum Admission
{
    /// <summary>Never returned.</summary>
    None = 0,
    Admitted,
    QueueFull,
    NetworkFull,
    AccountFull,
    Closed,
}
