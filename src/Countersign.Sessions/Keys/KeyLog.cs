using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>Says what a change of the keys was, line by line.</summary>
internal static class KeyLog
{
    /// <summary>Reports a change that was written.</summary>
    public static void Report(ILogger logger, KeyChanges changes)
    {
        foreach (var row in changes.Saved)
        {
            Log.KeySaved(logger, row.KeyId, row.Algorithm, row.Use, row.State);
        }

        foreach (var keyId in changes.Deleted)
        {
            Log.KeyDeleted(logger, keyId);
        }
    }
}
