using Countersign.Sessions.Rotation;

namespace Countersign.Sessions;

/// <summary>The session settings that requests use. They are made once from the options and are not read from the configuration again.</summary>
internal sealed record SessionSettings
{
    /// <summary>See <see cref="CountersignSessionOptions.AbsoluteLifetime"/>.</summary>
    public required TimeSpan AbsoluteLifetime { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.MaxPerUser"/>.</summary>
    public required int MaxPerUser { get; init; }

    /// <summary>The settings of rotation.</summary>
    public required RotationPolicy Rotation { get; init; }

    public static SessionSettings From(CountersignSessionOptions sessions, RotationPolicy rotation) => new()
    {
        AbsoluteLifetime = sessions.AbsoluteLifetime,
        MaxPerUser = sessions.MaxPerUser,
        Rotation = rotation,
    };
}
