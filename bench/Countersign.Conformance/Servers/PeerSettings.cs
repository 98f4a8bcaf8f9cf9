using Countersign.Conformance.Nodes;

namespace Countersign.Conformance.Servers;

/// <summary>The settings of both peers.</summary>
internal static class PeerSettings
{
    public static Dictionary<string, string> For(NodePlan plan) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Peer"] = plan.PostgreSql ?? $"Data Source={Path.Combine(plan.DataFolder, "peer.db")}",
        ["Keys"] = plan.KeyFolder,
        ["Logging__LogLevel__Default"] = "Warning",
    };
}
