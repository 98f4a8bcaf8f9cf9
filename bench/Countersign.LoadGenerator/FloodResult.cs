using System.Text.Json.Nodes;

namespace Countersign.LoadGenerator;

/// <summary>The row <c>login-flood</c>.</summary>
/// <param name="Capacity">Successful logins a second while no more are sent than the engine takes.</param>
/// <param name="Offered">Sent logins a second in the flood.</param>
/// <param name="AcceptedPerSecond">Successful logins a second in the flood.</param>
/// <param name="MeQuiet">99th percentile of the steady stream in milliseconds, alone.</param>
/// <param name="MeFlood">The same during the flood.</param>
/// <param name="RefusedMilliseconds">99th percentile of the answers 503.</param>
/// <param name="MemoryBefore">Memory of the server (RSS) in megabytes before the flood.</param>
/// <param name="MemoryAfter">The same after it.</param>
internal sealed record FloodResult(
    double Capacity, double Offered, double AcceptedPerSecond, double MeQuiet, double MeFlood, double RefusedMilliseconds, long MemoryBefore, long MemoryAfter)
{
    public double Accepted => AcceptedPerSecond / Capacity;

    public double MeRatio => MeFlood / MeQuiet;

    public string ToJson() => new JsonArray(new JsonObject
    {
        ["name"] = "login-flood",
        ["accepted"] = Math.Round(Accepted, 4),
        ["me_p99_ratio"] = Math.Round(MeRatio, 4),
        ["refused_p99_ms"] = Math.Round(RefusedMilliseconds, 3),
        ["capacity_per_s"] = Math.Round(Capacity, 2),
        ["offered_per_s"] = Math.Round(Offered, 1),
        ["me_p99_quiet_ms"] = Math.Round(MeQuiet, 3),
        ["me_p99_flood_ms"] = Math.Round(MeFlood, 3),
        ["rss_before_mb"] = MemoryBefore,
        ["rss_after_mb"] = MemoryAfter,
    }).ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }) + "\n";
}
