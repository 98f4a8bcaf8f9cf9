namespace Countersign.Bearer.Authority;

/// <summary>
/// A moment on both clocks. The monotonic one stands still while the machine sleeps, and the other can be set back: what has passed is the more of the two.
/// </summary>
internal readonly record struct KeyMoment(DateTimeOffset Wall, long Monotonic)
{
    public static KeyMoment Now(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp());

    /// <summary>What has passed since an earlier moment; never negative.</summary>
    public TimeSpan Since(KeyMoment earlier, TimeProvider time)
    {
        var monotonic = time.GetElapsedTime(earlier.Monotonic, Monotonic);
        var wall = Wall - earlier.Wall;
        return wall > monotonic ? wall : monotonic;
    }
}
