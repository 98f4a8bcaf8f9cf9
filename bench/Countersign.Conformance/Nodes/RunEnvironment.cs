using System.Globalization;

namespace Countersign.Conformance.Nodes;

/// <summary>What the machine provides for every deployment.</summary>
/// <param name="Folder">The folder for the folders of deployments. Others may read it, because a database runs as another user.</param>
/// <param name="ClockLibrary">The path of libfaketime; null if it is missing.</param>
/// <param name="HasPostgreSql">Whether PostgreSQL's programs are installed.</param>
internal sealed record RunEnvironment(string Folder, string? ClockLibrary, bool HasPostgreSql)
{
    private int _folders;

    public string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Folder, Interlocked.Increment(ref _folders).ToString(CultureInfo.InvariantCulture))).FullName;
}
