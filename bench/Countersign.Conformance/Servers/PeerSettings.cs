using System.Diagnostics;
using Countersign.Conformance.Nodes;

namespace Countersign.Conformance.Servers;

/// <summary>What both peers are told.</summary>
internal static class PeerSettings
{
    public static void Apply(ProcessStartInfo process, NodePlan plan)
    {
        process.Environment["ConnectionStrings__Peer"] = plan.PostgreSql ?? $"Data Source={Path.Combine(plan.DataFolder, "peer.db")}";
        process.Environment["Keys"] = plan.KeyFolder;
        process.Environment["Logging__LogLevel__Default"] = "Warning";
    }
}
