using Countersign.Sessions.Feed;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions;

/// <summary>The options as requests use them: made once, never read from configuration again.</summary>
internal sealed record SessionSettings
{
    /// <summary>See <see cref="CountersignSessionOptions.AccessTokenLifetime"/>.</summary>
    public required TimeSpan AccessTokenLifetime { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.AbsoluteLifetime"/>.</summary>
    public required TimeSpan AbsoluteLifetime { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.MaxPerUser"/>.</summary>
    public required int MaxPerUser { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.WhenStale"/>.</summary>
    public required StaleFeedBehavior WhenStale { get; init; }

    /// <summary>The figures of rotation.</summary>
    public required RotationPolicy Rotation { get; init; }

    /// <summary>Makes the settings.</summary>
    public static SessionSettings From(CountersignSessionOptions sessions, RefreshOptions refresh) => new()
    {
        AccessTokenLifetime = sessions.AccessTokenLifetime,
        AbsoluteLifetime = sessions.AbsoluteLifetime,
        MaxPerUser = sessions.MaxPerUser,
        WhenStale = sessions.WhenStale,
        Rotation = new RotationPolicy
        {
            Grace = refresh.Grace,
            LostResponseWindow = refresh.LostResponseWindow,
            IdleLifetime = sessions.IdleLifetime,
            Restored = RestoreWindow.From(refresh),
        },
    };
}
