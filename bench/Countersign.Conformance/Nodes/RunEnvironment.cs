using System.Globalization;

namespace Countersign.Conformance.Nodes;

/// <summary>What the machine gives to every deployment.</summary>
/// <param name="Folder">Where deployments put their folders; others may look into it, since a database runs as another user.</param>
/// <param name="ClockLibrary">libfaketime; null where it is missing.</param>
/// <param name="HasPostgreSql">Whether PostgreSQL's programs are there.</param>
internal sealed record RunEnvironment(string Folder, string? ClockLibrary, bool HasPostgreSql)
{
    private int _folders;

    public string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Folder, Interlocked.Increment(ref _folders).ToString(CultureInfo.InvariantCulture))).FullName;
}
