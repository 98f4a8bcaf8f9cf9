namespace Countersign.Sessions.Rotation;

/// <summary>The settings of rotation, made once from the options.</summary>
internal sealed record RotationPolicy
{
    /// <summary>See <see cref="CountersignRefreshOptions.Grace"/>.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="CountersignRefreshOptions.LostResponseWindow"/>.</summary>
    public TimeSpan LostResponseWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>See <see cref="CountersignSessionOptions.IdleLifetime"/>.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The window after a restored backup; null for none. See <see cref="CountersignRefreshOptions.AfterRestore"/>.</summary>
    public RestoreWindow? Restored { get; init; }

    /// <summary>A <c>RefreshedAt</c> further ahead of the clock than this comes from a clock that jumped. It is replaced by the current time.</summary>
    public static TimeSpan FutureTolerance { get; } = TimeSpan.FromMinutes(5);

    public static RotationPolicy From(CountersignSessionOptions sessions, CountersignRefreshOptions refresh) => new()
    {
        Grace = refresh.Grace,
        LostResponseWindow = refresh.LostResponseWindow,
        IdleLifetime = sessions.IdleLifetime,
        Restored = RestoreWindow.From(refresh),
    };

    /// <summary>How old a generation must be before it is rotated. With less, three tabs with a common store would log each other out.</summary>
    public TimeSpan MinimumRotationInterval => 2 * Grace;
}
