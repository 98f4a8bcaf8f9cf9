namespace Countersign.Bearer.Authority;

/// <summary>
/// A moment on two clocks. The monotonic clock stands still while the machine sleeps, and the wall clock can be set back. So the elapsed time is the larger of
/// the two.
/// </summary>
internal readonly record struct KeyMoment(DateTimeOffset Wall, long Monotonic)
{
    public static KeyMoment Now(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp());

    /// <summary>The time since an earlier moment; never negative.</summary>
    public TimeSpan Since(KeyMoment earlier, TimeProvider time)
    {
        var monotonic = time.GetElapsedTime(earlier.Monotonic, Monotonic);
        var wall = Wall - earlier.Wall;
        return wall > monotonic ? wall : monotonic;
    }
}
