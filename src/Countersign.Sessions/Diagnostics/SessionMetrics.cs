using System.Diagnostics.Metrics;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Diagnostics;

/// <summary>The counters of sessions, under the meter <c>Countersign.Sessions</c>.</summary>
internal static class SessionMetrics
{
    private static readonly Meter Meter = new("Countersign.Sessions");

    private static readonly Counter<long> Refreshes = Meter.CreateCounter<long>(
        "countersign.refreshes", "{refresh}", "Refreshes by line of the rotation table, and by the reason if they were refused.");

    private static readonly Counter<long> Removals = Meter.CreateCounter<long>(
        "countersign.cleanup.rows", "{row}", "Rows that were removed because they are no longer needed, by kind.");

    public static void CleanedUp(CleanupTarget target, int rows)
    {
        if (rows > 0 && Removals.Enabled)
        {
            Removals.Add(rows, new KeyValuePair<string, object?>("countersign.cleanup.target", target.ToString()));
        }
    }

    public static void Refreshed(RotationCase rotation, RefreshError? error)
    {
        if (Refreshes.Enabled)
        {
            Refreshes.Add(1, new("countersign.rotation.case", rotation.ToString()), new("error.type", error?.ToCode()));
        }
    }
}
