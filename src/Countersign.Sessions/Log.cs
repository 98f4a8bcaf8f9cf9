using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions;

/// <summary>All log messages of this package. They never contain a token, a stamp, a salt or a key.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "A batch of {Count} session commands failed. Their clients were told to try again.")]
    public static partial void BatchFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(
        EventId = 1002,
        Level = LogLevel.Warning,
        Message = "A commit of {Count} sessions took longer than the decision limit. Their rows were checked again.")]
    public static partial void SlowCommit(ILogger logger, int count);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Debug, Message = "Refresh of session {SessionId}: {Case}.")]
    public static partial void Refreshed(ILogger logger, Guid sessionId, RotationCase @case);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "Refresh of session {SessionId}: {Case}.")]
    public static partial void RefreshEvent(ILogger logger, Guid sessionId, RotationCase @case);

    [LoggerMessage(
        EventId = 1005,
        Level = LogLevel.Warning,
        Message = "Auth:Refresh:AfterRestore is in force: refresh tokens that were issued after {RestorePoint:O} are accepted until {AcceptUntil:O}, even if"
            + " their sessions do not know them.")]
    public static partial void AfterRestore(ILogger logger, DateTimeOffset restorePoint, DateTimeOffset acceptUntil);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "Auth:Refresh:AfterRestore ended at {AcceptUntil:O}. The setting can be removed.")]
    public static partial void AfterRestoreOver(ILogger logger, DateTimeOffset acceptUntil);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Warning, Message = "Every session of every account was ended: {Sessions} rows. The epoch is now {Epoch}.")]
    public static partial void EveryoneRevoked(ILogger logger, int sessions, long epoch);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Error, Message = "The keys have changed and could not be loaded. {Count} clients were told to try again.")]
    public static partial void KeysNotFollowed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 1009, EventName = "refresh_parent_replayed", Level = LogLevel.Warning, Message = "Refresh of session {SessionId}: {Case}.")]
    public static partial void ParentReplayed(ILogger logger, Guid sessionId, RotationCase @case);

    [LoggerMessage(
        EventId = 1010,
        Level = LogLevel.Error,
        Message = "Account {UserId} gets no access token: it would have {Bytes} bytes, which is more than a token may have. Remove roles from the account, "
            + "or give them shorter names.")]
    public static partial void TokenTooLarge(ILogger logger, string userId, int bytes);

    [LoggerMessage(
        EventId = 1101,
        Level = LogLevel.Error,
        Message = "Key {KeyId} in the database can't be decrypted with the configured master key. It is not used.")]
    public static partial void KeyUnreadable(ILogger logger, string keyId);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "Key {KeyId} ({Algorithm}) for {Use} is now {State}.")]
    public static partial void KeySaved(ILogger logger, string keyId, string algorithm, KeyUse use, KeyState state);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "Key {KeyId} was deleted. No token that it signed can be accepted any more.")]
    public static partial void KeyDeleted(ILogger logger, string keyId);

    [LoggerMessage(
        EventId = 1104,
        Level = LogLevel.Error,
        Message = "The current key {KeyId} can't be decrypted here. The next key, {NextKeyId}, signs instead. Configure the master key under which the "
            + "current key is encrypted, or revoke the current key.")]
    public static partial void NextKeyStandsIn(ILogger logger, string keyId, string nextKeyId);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Warning, Message = "The keys could not be read or changed. The loaded keys stay in use.")]
    public static partial void KeysNotMaintained(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 1106,
        Level = LogLevel.Warning,
        Message = "Auth:Keys:PublicationLead is {Lead}. A service that reads the published keys every {Interval}, as a stock AddJwtBearer does, refuses "
            + "tokens of a new key until it reads the keys again.")]
    public static partial void LeadIsShort(ILogger logger, TimeSpan lead, TimeSpan interval);

    [LoggerMessage(
        EventId = 1107,
        Level = LogLevel.Warning,
        Message = "{Count} keys in the database are still encrypted under Auth:PreviousMasterKey. When every node has the new master key, encrypt the keys "
            + "again under it, and then remove the previous one.")]
    public static partial void PreviousMasterKeyNeeded(ILogger logger, int count);

    [LoggerMessage(
        EventId = 1108,
        Level = LogLevel.Warning,
        Message = "Auth:Algorithm is {Algorithm}, but these signing keys have another algorithm: {KeyIds}. They keep it. New keys use {Algorithm}; the first"
            + " one is made at the next rotation. To get it earlier, revoke the next key, and rotate when the new next key is old enough.")]
    public static partial void OtherAlgorithm(ILogger logger, string algorithm, string keyIds);

    [LoggerMessage(
        EventId = 1109,
        Level = LogLevel.Error,
        Message = "The keys have changed (version {Version} of the key table), and this node can't load them. It signs nothing until it can. It tries again "
            + "every second, and still follows revocations.")]
    public static partial void KeysNotLoaded(ILogger logger, Exception exception, long version);

    [LoggerMessage(EventId = 1110, Level = LogLevel.Information, Message = "Mode: {Mode}.")]
    public static partial void SigningMode(ILogger logger, string mode);

    [LoggerMessage(
        EventId = 1111,
        Level = LogLevel.Warning,
        Message = "{Setting}: {Weakness} A person who guesses the secret can make tokens for any account.")]
    public static partial void WeakSecret(ILogger logger, string setting, string weakness);

    [LoggerMessage(
        EventId = 1201,
        Level = LogLevel.Warning,
        Message = "The revocation feed can't be read. Bearer requests are checked with the revocations that this node knows.")]
    public static partial void FeedFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 1202,
        Level = LogLevel.Warning,
        Message = "The head of the revocation feed ({Head}) is behind this node's position ({Cursor}), so the database was restored to an older state. The "
            + "feed is loaded again.")]
    public static partial void FeedWentBack(ILogger logger, long head, long cursor);

    [LoggerMessage(
        EventId = 1301,
        Level = LogLevel.Information,
        Message = "Clean-up removed {Sessions} ended sessions, {Revocations} entries of the revocation feed, {Attempts} counters of guesses and {Events} "
            + "events.")]
    public static partial void CleanedUp(ILogger logger, int sessions, int revocations, int attempts, int events);

    [LoggerMessage(
        EventId = 1302,
        Level = LogLevel.Warning,
        Message = "The clock has jumped by {Drift}. Nothing is removed for a day. If the clock is wrong, correct it before then.")]
    public static partial void CleanupClockJumped(ILogger logger, TimeSpan drift);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "The clean-up failed. The next round continues it.")]
    public static partial void CleanupFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Warning, Message = "The clean-up took so long that another node has taken it over.")]
    public static partial void CleanupLeaseLost(ILogger logger);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "The database had lost revocations that this node knew. {Count} were written back.")]
    public static partial void FeedPutBack(ILogger logger, int count);

    [LoggerMessage(
        EventId = 1204,
        Level = LogLevel.Warning,
        Message = "The database has lost {Count} revocations that this node knows, and they could not be written back. This node tries again in a minute.")]
    public static partial void FeedPutBackFailed(ILogger logger, Exception exception, int count);

    /// <summary>Logs each row of a written change of the keys.</summary>
    public static void KeysChanged(ILogger logger, KeyChanges changes)
    {
        foreach (var row in changes.Saved)
        {
            KeySaved(logger, row.KeyId, row.Algorithm, row.Use, row.State);
        }

        foreach (var keyId in changes.Deleted)
        {
            KeyDeleted(logger, keyId);
        }
    }
}
