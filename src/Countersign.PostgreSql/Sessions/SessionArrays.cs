using Countersign.Sessions;
using Countersign.Sessions.Stores;

namespace Countersign.PostgreSql.Sessions;

/// <summary>Converts rows into one array for each column, in the order of the statements.</summary>
internal static class SessionArrays
{
    /// <summary>For <see cref="SessionStatements.Insert"/>.</summary>
    public static object[] Inserted(IList<Session> rows) =>
    [
        Column(rows, static row => row.Id),
        Column(rows, static row => row.UserId),
        Column(rows, static row => row.State.Generation),
        Column(rows, static row => row.State.Parent),
        Column(rows, static row => row.Salt.ToArray()),
        Column(rows, static row => row.State.KeyId),
        Column(rows, static row => row.Stamp.ToArray()),
        Column(rows, static row => row.CreatedAt.UtcTicks),
        Column(rows, static row => row.State.RefreshedAt?.UtcTicks),
        Column(rows, static row => row.State.IdleExpiresAt.UtcTicks),
        Column(rows, static row => row.ExpiresAt.UtcTicks),
        Column(rows, static row => row.State.RevokedAt?.UtcTicks),
        Column(rows, static row => (int?)row.State.RevokedReason),
        Column(rows, static row => row.AuthenticatedAt.UtcTicks),
        Column(rows, static row => string.Join(' ', row.Methods)),
        Column(rows, static row => row.UserAgent),
        Column(rows, static row => row.IpAddress),
        Column(rows, static row => row.Label),
    ];

    /// <summary>For <see cref="SessionStatements.Update"/>.</summary>
    public static object[] Updated(IList<Session> rows) =>
    [
        Column(rows, static row => row.Id),
        Column(rows, static row => row.State.Generation),
        Column(rows, static row => row.State.Parent),
        Column(rows, static row => row.State.KeyId),
        Column(rows, static row => row.State.RefreshedAt?.UtcTicks),
        Column(rows, static row => row.State.IdleExpiresAt.UtcTicks),
        Column(rows, static row => row.State.RevokedAt?.UtcTicks),
        Column(rows, static row => (int?)row.State.RevokedReason),
    ];

    /// <summary>For <see cref="SessionStatements.Record"/>.</summary>
    public static object[] Events(IList<SecurityEvent> rows) =>
    [
        Column(rows, static row => row.Id),
        Column(rows, static row => row.At.UtcTicks),
        Column(rows, static row => row.Kind),
        Column(rows, static row => row.UserId),
        Column(rows, static row => row.SessionId),
        Column(rows, static row => row.IpAddress),
        Column(rows, static row => row.Detail),
    ];

    /// <summary>For <see cref="SessionStatements.Revoke"/>.</summary>
    public static object[] Revocations(IList<RevocationEntry> rows) =>
    [
        Column(rows, static row => row.SessionId),
        Column(rows, static row => (int?)row.Reason),
        Column(rows, static row => row.RevokedAt.UtcTicks),
    ];

    private static TValue[] Column<TRow, TValue>(IList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return column;
    }
}
