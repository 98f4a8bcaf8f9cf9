

namespace Countersign.Sessions.Time;

/// <summary>
/// The clock by which sessions are decided. On a server database it is the database's, so that all nodes agree: each read of the feed brings a reading of it,
/// and between two readings it goes on with this node's monotonic clock. A wall clock that is set, on whichever node, moves nothing. On a database that is a
/// file of this machine there is nobody to agree with, and it is this node's own.
/// </summary>
internal sealed class SessionClock(TimeProvider time)
{
    /// <summary>What a quartz clock that nobody corrects may drift.</summary>
    private const double DriftPerSecond = 100e-6;

    private Reading? _reading;

    /// <summary>The clock that elapsed times are measured with.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The instant on the session clock.</summary>
    public DateTimeOffset Now => Volatile.Read(ref _reading) is { } reading ? Project(reading, Time.GetTimestamp()) : Time.GetUtcNow();

    /// <summary>
    /// How far from the database's clock this one may be: half of what the reading took, and what clocks drift since. Zero where the database has no
    /// clock of its own.
    /// </summary>
    public TimeSpan Uncertainty => Volatile.Read(ref _reading) is { } reading ? UncertaintyOf(reading, Time.GetTimestamp()) : TimeSpan.Zero;

    /// <summary>Takes in a reading of the database's clock; one thread at a time.</summary>
    /// <remarks>
    /// The database read its clock at some moment between the two timestamps, so its clock is known within half of what lay between them. Of two readings
    /// that can both be true the surer one is kept, the older one's drift counted: a slow read moves nothing. Two that can't both be true mean that a clock
    /// was set or stood still (another database has taken over; this machine slept), and the newer one counts.
    /// </remarks>
    /// <param name="sent">Before the read was sent.</param>
    /// <param name="received">After its answer came.</param>
    /// <param name="databaseTime">What it said.</param>
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
