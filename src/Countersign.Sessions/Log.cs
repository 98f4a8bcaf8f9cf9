using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions;

/// <summary>All that this package logs. Never a token, a stamp, a salt or a key.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "A batch of {Count} session commands failed; their clients were told to come again.")]
    public static partial void BatchFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A commit of {Count} sessions took longer than the decision limit; their rows were looked at again.")]
    public static partial void SlowCommit(ILogger logger, int count);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Debug, Message = "Refresh of session {SessionId}: {Case}.")]
    public static partial void Refreshed(ILogger logger, Guid sessionId, RotationCase @case);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "Refresh of session {SessionId}: {Case}.")]
    public static partial void RefreshEvent(ILogger logger, Guid sessionId, RotationCase @case);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "Auth:Refresh:AfterRestore is in force: refresh tokens issued after {RestorePoint:O} are taken although their sessions do not know them, until {AcceptUntil:O}.")]
    public static partial void AfterRestore(ILogger logger, DateTimeOffset restorePoint, DateTimeOffset acceptUntil);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "Auth:Refresh:AfterRestore ended at {AcceptUntil:O}; the setting can be removed.")]
    public static partial void AfterRestoreOver(ILogger logger, DateTimeOffset acceptUntil);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Warning, Message = "Every session of every account was ended: {Sessions} rows, the epoch is {Epoch} from now on.")]
    public static partial void EveryoneRevoked(ILogger logger, int sessions, long epoch);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Error, Message = "The keys have changed and could not be loaded; {Count} clients were told to come again.")]
    public static partial void KeysNotFollowed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 1009, EventName = "refresh_parent_replayed", Level = LogLevel.Warning, Message = "Refresh of session {SessionId}: {Case}.")]
    public static partial void ParentReplayed(ILogger logger, Guid sessionId, RotationCase @case);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Error, Message = "Account {UserId} gets no access token: it would have {Bytes} bytes, more than tokens may have. Take roles from the account, or give them shorter names.")]
    public static partial void TokenTooLarge(ILogger logger, string userId, int bytes);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error, Message = "Key {KeyId} of the database can't be decrypted with the configured master key; it is left out.")]
    public static partial void KeyUnreadable(ILogger logger, string keyId);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "Key {KeyId} ({Algorithm}) for {Use} is now {State}.")]
    public static partial void KeySaved(ILogger logger, string keyId, string algorithm, KeyUse use, KeyState state);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "Key {KeyId} is deleted: nothing that it signed can be accepted any more.")]
    public static partial void KeyDeleted(ILogger logger, string keyId);

    [LoggerMessage(
        EventId = 1104,
        Level = LogLevel.Error,
        Message = "The current key {KeyId} can't be decrypted here; the next one, {NextKeyId}, signs in its place. Configure the master key that it was written under, or revoke it: countersign keys revoke {KeyId}.")]
    public static partial void NextKeyStandsIn(ILogger logger, string keyId, string nextKeyId);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Warning, Message = "The keys could not be read or changed; those that are loaded go on.")]
    public static partial void KeysNotMaintained(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 1106,
        Level = LogLevel.Warning,
        Message = "Auth:Keys:PublicationLead is {Lead}: a service that reads the published keys every {Interval}, as a stock AddJwtBearer does, will refuse tokens of a new key until it reads again.")]
    public static partial void LeadIsShort(ILogger logger, TimeSpan lead, TimeSpan interval);

    [LoggerMessage(
        EventId = 1107,
        Level = LogLevel.Warning,
        Message = "{Count} keys in the database are still under Auth:PreviousMasterKey. When every node has the new master key: countersign keys rewrap; then remove the previous one.")]
    public static partial void PreviousMasterKeyNeeded(ILogger logger, int count);

    [LoggerMessage(
        EventId = 1108,
        Level = LogLevel.Warning,
        Message = "Auth:Algorithm is {Algorithm}, and these signing keys are of another one: {KeyIds}. They keep theirs; keys that are made from now on are {Algorithm}, the first at the next rotation. To have it sooner, revoke the next key, and rotate when its successor is old enough.")]
    public static partial void OtherAlgorithm(ILogger logger, string algorithm, string keyIds);

    [LoggerMessage(
        EventId = 1109,
        Level = LogLevel.Error,
        Message = "The keys have changed (version {Version} of the key table), and this node can't load them: it signs nothing until it can. It is tried again every second; revocations are followed meanwhile.")]
    public static partial void KeysNotLoaded(ILogger logger, Exception exception, long version);

    [LoggerMessage(EventId = 1110, Level = LogLevel.Information, Message = "Mode: {Mode}.")]
    public static partial void SigningMode(ILogger logger, string mode);

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning, Message = "{Setting}: {Weakness} Whoever guesses the secret makes tokens of any account.")]
    public static partial void WeakSecret(ILogger logger, string setting, string weakness);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "The revocation feed can't be read; bearer requests go on with what is known.")]
    public static partial void FeedFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Warning, Message = "The head of the revocation feed ({Head}) is behind this node's place in it ({Cursor}): the database was taken back. Loading again.")]
    public static partial void FeedWentBack(ILogger logger, long head, long cursor);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Cleaned up: {Sessions} sessions that were long over, {Revocations} lines of the revocation feed, {Attempts} counters of guesses, {Events} events.")]
    public static partial void CleanedUp(ILogger logger, int sessions, int revocations, int attempts, int events);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning, Message = "The clock has jumped by {Drift}: nothing is cleaned up for a day. If it is wrong, mend it before then.")]
    public static partial void CleanupClockJumped(ILogger logger, TimeSpan drift);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "Cleaning up failed; the next round goes on with it.")]
    public static partial void CleanupFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Warning, Message = "Cleaning up took so long that another node has taken it over.")]
    public static partial void CleanupLeaseLost(ILogger logger);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "The database had lost revocations that this node knew of; {Count} were put back.")]
    public static partial void FeedPutBack(ILogger logger, int count);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Warning, Message = "The database has lost {Count} revocations that this node knows of, and they could not be put back. It is tried again in a minute.")]
    public static partial void FeedPutBackFailed(ILogger logger, Exception exception, int count);

    /// <summary>Reports a change of the keys that was written, line by line.</summary>
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
