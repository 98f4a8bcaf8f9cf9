using Countersign.Sessions.Rotation;

namespace Countersign.Sessions;

/// <summary>The options as requests use them: made once, never read from configuration again.</summary>
internal sealed record SessionSettings
{
    /// <summary>See <see cref="SessionOptions.AccessTokenLifetime"/>.</summary>
    public required TimeSpan AccessTokenLifetime { get; init; }

    /// <summary>See <see cref="SessionOptions.AbsoluteLifetime"/>.</summary>
    public required TimeSpan AbsoluteLifetime { get; init; }

    /// <summary>See <see cref="SessionOptions.MaxPerUser"/>.</summary>
    public required int MaxPerUser { get; init; }

    /// <summary>See <see cref="SessionOptions.WhenStale"/>.</summary>
    public required WhenStale WhenStale { get; init; }

    /// <summary>The figures of rotation.</summary>
    public required RotationPolicy Rotation { get; init; }

    /// <summary>Makes the settings.</summary>
    public static SessionSettings From(SessionOptions sessions, RefreshOptions refresh) => new()
    {
        AccessTokenLifetime = sessions.AccessTokenLifetime,
        AbsoluteLifetime = sessions.AbsoluteLifetime,
        MaxPerUser = sessions.MaxPerUser,
        WhenStale = sessions.WhenStale,
        Rotation = new RotationPolicy
        {
            Grace = refresh.Grace,
            LostAnswerWindow = refresh.LostAnswerWindow,
            IdleLifetime = sessions.IdleLifetime,
        },
    };
}
