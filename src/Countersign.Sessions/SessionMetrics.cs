using System.Diagnostics.Metrics;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions;

/// <summary>What sessions count, under the meter <c>Countersign.Sessions</c>.</summary>
internal static class SessionMetrics
{
    private static readonly Meter Meter = new("Countersign.Sessions");

    private static readonly Counter<long> Refreshes = Meter.CreateCounter<long>(
        "countersign.refreshes", "{refresh}", "Refreshes by the line of the rotation table, and the reason where one was refused.");

    /// <summary>Counts a refresh.</summary>
    public static void Refreshed(RotationCase rotation, RefreshError? error)
    {
        if (Refreshes.Enabled)
        {
            Refreshes.Add(1, new("countersign.rotation.case", rotation.ToString()), new("error.type", error?.ToCode()));
        }
    }
}
