using System.Diagnostics;

namespace Countersign.Conformance.Servers;

/// <summary>The assemblies beside a server's own.</summary>
internal static class Binaries
{
    /// <summary>The product version, without the commit that some contain.</summary>
    public static string VersionOf(string assembly, string neighbour) =>
        FileVersionInfo.GetVersionInfo(Path.Combine(Path.GetDirectoryName(assembly)!, neighbour)).ProductVersion?.Split('+')[0] ?? "of unknown version";
}
