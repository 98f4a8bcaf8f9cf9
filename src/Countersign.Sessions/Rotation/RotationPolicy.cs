namespace Countersign.Sessions.Rotation;

/// <summary>The figures of rotation, made once from the options.</summary>
internal sealed record RotationPolicy
{
    /// <summary>See <see cref="CountersignRefreshOptions.Grace"/>.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="CountersignRefreshOptions.LostResponseWindow"/>.</summary>
    public TimeSpan LostResponseWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>See <see cref="CountersignSessionOptions.IdleLifetime"/>.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The time after a restored backup; null for none. See <see cref="CountersignRefreshOptions.AfterRestore"/>.</summary>
    public RestoreWindow? Restored { get; init; }

    /// <summary>A <c>RefreshedAt</c> further ahead of the clock than this was written by a clock that jumped: it becomes now.</summary>
    public static TimeSpan FutureTolerance { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Makes the figures.</summary>
    public static RotationPolicy From(CountersignSessionOptions sessions, CountersignRefreshOptions refresh) => new()
    {
        Grace = refresh.Grace,
        LostResponseWindow = refresh.LostResponseWindow,
        IdleLifetime = sessions.IdleLifetime,
        Restored = RestoreWindow.From(refresh),
    };

    /// <summary>How old a generation must be before it is rotated: with less, three tabs of one store would log each other out.</summary>
    public TimeSpan MinimumRotationInterval => 2 * Grace;
}
