namespace Countersign.Sessions.Rotation;

/// <summary>The time after a restored backup in which tokens that the backup does not know are taken.</summary>
/// <param name="Point">The instant of the backup.</param>
/// <param name="Until">When the time ends.</param>
internal sealed record RestoreWindow(DateTimeOffset Point, DateTimeOffset Until)
{
    /// <summary>The longest idle lifetime that can be configured: after it no token of before the restore is alive.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(365);

    /// <summary>Makes the window.</summary>
    /// <returns>Null if none is configured.</returns>
    public static RestoreWindow? From(RefreshOptions options) =>
        options is { AfterRestore: AfterRestoreBehavior.Accept, RestorePoint: { } point, AcceptUntil: { } until } ? new RestoreWindow(point, until) : null;

    /// <summary>Whether a token ahead of its row is taken.</summary>
    public bool Takes(DateTimeOffset issuedAt, DateTimeOffset now) => issuedAt > Point && now < Until;
}
