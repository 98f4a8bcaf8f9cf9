namespace Countersign.Conformance.Nodes;

/// <summary>What the nodes of one deployment share.</summary>
/// <param name="DataFolder">A folder that is backed up and restored. A database file is in it.</param>
/// <param name="KeyFolder">A folder with keys outside of the database. It is never restored.</param>
/// <param name="PostgreSql">An Npgsql connection string, or null for a file.</param>
/// <param name="Secret">32 random bytes in base64, the same for all nodes.</param>
/// <param name="RestorePoint">When the copy was made, if an operator has restored it and says so; otherwise null.</param>
internal sealed record NodePlan(string DataFolder, string KeyFolder, string? PostgreSql, string Secret, DateTimeOffset? RestorePoint = null);
