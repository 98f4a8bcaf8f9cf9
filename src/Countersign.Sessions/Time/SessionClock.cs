

namespace Countersign.Sessions.Time;

/// <summary>
/// The clock that decides about sessions. With a server database it is the database's clock, so that all nodes agree. Each read of the feed also reads that
/// clock, and between two reads this node's monotonic clock continues it. A change of a node's wall clock has no effect. If the database is a file on this
/// machine, it is this node's own clock.
/// </summary>
internal sealed class SessionClock(TimeProvider time)
{
    /// <summary>The largest drift of a quartz clock that is not corrected.</summary>
    private const double DriftPerSecond = 100e-6;

    private Reading? _reading;

    /// <summary>The clock that measures elapsed times.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The current time on the session clock.</summary>
    public DateTimeOffset Now => Volatile.Read(ref _reading) is { } reading ? Project(reading, Time.GetTimestamp()) : Time.GetUtcNow();

    /// <summary>
    /// The largest difference between this clock and the database's clock: half of the time that the reading took, and the drift since. Zero if the database
    /// has no clock.
    /// </summary>
    public TimeSpan Uncertainty => Volatile.Read(ref _reading) is { } reading ? UncertaintyOf(reading, Time.GetTimestamp()) : TimeSpan.Zero;

    /// <summary>Takes a reading of the database's clock. Only one thread may call it at a time.</summary>
    /// <remarks>
    /// The database read its clock between the two timestamps, so the error is at most half of the time between them. If two readings can both be true, the
    /// more exact one is kept, with the drift of the older one included, so a slow read changes nothing. If they can't both be true, a clock was set or stood
    /// still (another database took over, or this machine slept), and the newer reading counts.
    /// </remarks>
    /// <param name="sent">The time before the read was sent.</param>
    /// <param name="received">The time after its answer arrived.</param>
    /// <param name="databaseTime">The time that the database reported.</param>
    public void Observe(long sent, long received, DateTimeOffset databaseTime)
    {
        var halfTrip = Time.GetElapsedTime(sent, received) / 2;
        var fresh = new Reading(databaseTime, sent + ((received - sent) / 2), halfTrip);
        if (Volatile.Read(ref _reading) is not { } held
            || halfTrip <= UncertaintyOf(held, fresh.Timestamp)
            || (databaseTime - Project(held, fresh.Timestamp)).Duration() > UncertaintyOf(held, fresh.Timestamp) + halfTrip)
        {
            Volatile.Write(ref _reading, fresh);
        }
    }

    private DateTimeOffset Project(Reading reading, long timestamp)
    {
        var elapsed = Time.GetElapsedTime(reading.Timestamp, timestamp);
        return elapsed > DateTimeOffset.MaxValue - reading.At ? DateTimeOffset.MaxValue : reading.At + elapsed;
    }

    private TimeSpan UncertaintyOf(Reading reading, long timestamp) =>
        reading.HalfTrip + (Time.GetElapsedTime(reading.Timestamp, timestamp).Duration() * DriftPerSecond);

    private sealed record Reading(DateTimeOffset At, long Timestamp, TimeSpan HalfTrip);
}
