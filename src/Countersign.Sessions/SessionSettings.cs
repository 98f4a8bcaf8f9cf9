using Countersign.Sessions.Rotation;

namespace Countersign.Sessions;

/// <summary>The options as requests use them: made once, never read from configuration again.</summary>
internal sealed record SessionSettings
{
    /// <summary>See <see cref="CountersignSessionOptions.AbsoluteLifetime"/>.</summary>
    public required TimeSpan AbsoluteLifetime { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.MaxPerUser"/>.</summary>
    public required int MaxPerUser { get; init; }

    /// <summary>The figures of rotation.</summary>
    public required RotationPolicy Rotation { get; init; }

    /// <summary>Makes the settings.</summary>
    public static SessionSettings From(CountersignSessionOptions sessions, RotationPolicy rotation) => new()
    {
        AbsoluteLifetime = sessions.AbsoluteLifetime,
        MaxPerUser = sessions.MaxPerUser,
        Rotation = rotation,
    };
}
