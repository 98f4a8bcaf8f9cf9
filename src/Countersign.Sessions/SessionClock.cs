namespace Countersign.Sessions;

/// <summary>
/// The clock by which sessions are decided: this node's, moved by what the database's differs from it, so that all nodes agree. On a database that is a file
/// on this machine there is nothing to agree with, and the difference is zero.
/// </summary>
internal sealed class SessionClock(TimeProvider time)
{
    private long _offsetTicks;

    /// <summary>The clock that elapsed times are measured with.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The instant on the session clock.</summary>
    public DateTimeOffset Now => Time.GetUtcNow() + new TimeSpan(Volatile.Read(ref _offsetTicks));

    /// <summary>What the database's clock is ahead of this node's.</summary>
    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offsetTicks));
        set => Volatile.Write(ref _offsetTicks, value.Ticks);
    }
}
