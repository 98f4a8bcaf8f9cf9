namespace Countersign.Sessions.Stores;

/// <summary>Some lines of the feed, with its head as it stood just before they were read.</summary>
/// <param name="Entries">The lines.</param>
/// <param name="Head">The number given last.</param>
/// <param name="Epoch">Access tokens of a lower epoch are refused; 0 until everybody was revoked for the first time.</param>
/// <param name="KeyVersion">The version of the key table; a node that has loaded an older one loads again.</param>
/// <param name="DatabaseTime">What the database's clock said when the head was read; null where the database is a file of this machine and has none of its own.</param>
internal sealed record FeedPage(IReadOnlyList<RevocationEntry> Entries, long Head, long Epoch, long KeyVersion, DateTimeOffset? DatabaseTime);
