using Microsoft.Extensions.Time.Testing;

namespace Countersign.StoreSpecification;

/// <summary>A machine whose wall clock is set, to and fro, while its monotonic one goes on.</summary>
internal sealed class JumpingTime(FakeTimeProvider inner) : TimeProvider
{
    /// <summary>How far the wall clock has been set ahead.</summary>
    public TimeSpan Shift { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Shift;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
