namespace Countersign.Sessions.Keys;

/// <summary>The key table.</summary>
/// <param name="Version">Raised by every change.</param>
/// <param name="Keys">Its rows.</param>
internal sealed record StoredKeys(long Version, IReadOnlyList<StoredKey> Keys);
