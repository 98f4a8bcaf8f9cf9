namespace Countersign.Conformance.Nodes;

/// <summary>Where the nodes of one deployment find what they share.</summary>
/// <param name="DataFolder">A folder that is backed up and restored; a database file lies in it.</param>
/// <param name="KeyFolder">A folder with keys that lie outside of the database; never restored.</param>
/// <param name="PostgreSql">An Npgsql connection string, or null for a file.</param>
/// <param name="Secret">32 random bytes in base64, the same for all nodes.</param>
/// <param name="RestorePoint">When the copy was made that an operator has restored, and says so; null otherwise.</param>
internal sealed record NodePlan(string DataFolder, string KeyFolder, string? PostgreSql, string Secret, DateTimeOffset? RestorePoint = null);
