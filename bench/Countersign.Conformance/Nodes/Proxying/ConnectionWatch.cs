using System.Text;

namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>
/// Follows one connection to know when a transaction writes, commits and has committed: the simple query, and Parse, Bind, Execute, Sync of the extended one.
/// Statements without a transaction commit with their Sync. Two threads use it, one for each direction.
/// </summary>
internal sealed class ConnectionWatch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StatementKind> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StatementKind> _portals = new(StringComparer.Ordinal);
    private bool _inTransaction;
    private bool _hasWritten;
    private bool _isCommitting;

    /// <summary>Reads a message to the database, before it is sent.</summary>
    /// <returns>The point that the message would pass; null if there is none.</returns>
    public KillPoint? ToDatabase(Frame frame)
    {
        lock (_gate)
        {
            switch (frame.Type)
            {
                case 'Q':
                    return Runs(Statements.KindOf(Text(frame.Body, 0, out _)), isWhole: true);
                case 'P':
                    string statement = Text(frame.Body, 0, out int next);
                    _statements[statement] = Statements.KindOf(Text(frame.Body, next, out _));
                    return null;
                case 'B':
                    string portal = Text(frame.Body, 0, out next);
                    _portals[portal] = _statements.GetValueOrDefault(Text(frame.Body, next, out _));
                    return null;
                case 'E':
                    return Runs(_portals.GetValueOrDefault(Text(frame.Body, 0, out _)), isWhole: false);
                case 'S' when _hasWritten && !_inTransaction:
                    _isCommitting = true;
                    return KillPoint.BeforeCommit;
                default:
                    return null;
            }
        }
    }

    /// <summary>Reads a message from the database, before it is passed on.</summary>
    /// <returns><see cref="KillPoint.AfterCommit"/> if a transaction that wrote has been committed; otherwise null.</returns>
    public KillPoint? FromDatabase(Frame frame)
    {
        lock (_gate)
        {
            bool isSafe = frame.Type == 'C' && frame.Body.StartsWith("COMMIT"u8);

            // 'I': idle, not in a transaction. Everything that a Sync committed is durable by now.
            bool isIdle = frame.Type == 'Z' && frame.Body is [(byte)'I', ..];
            if (!_isCommitting || !(isSafe || isIdle))
            {
                return null;
            }

            _isCommitting = _hasWritten = false;
            return KillPoint.AfterCommit;
        }
    }

    private KillPoint? Runs(StatementKind kind, bool isWhole)
    {
        switch (kind)
        {
            case StatementKind.Begin:
                _inTransaction = true;
                _hasWritten = false;
                return null;
            case StatementKind.Rollback:
                _inTransaction = _hasWritten = false;
                return null;
            case StatementKind.Commit:
                _inTransaction = false;
                _isCommitting = _hasWritten;
                return _hasWritten ? KillPoint.BeforeCommit : null;
            case StatementKind.Write:
                bool isFirst = !_hasWritten;
                _hasWritten = true;
                _isCommitting |= isWhole && !_inTransaction;
                return isFirst ? KillPoint.BeforeWrite : null;
            default:
                return null;
        }
    }

    private static string Text(ReadOnlySpan<byte> body, int from, out int next)
    {
        int length = body[from..].IndexOf((byte)0);
        next = from + length + 1;
        return length < 0 ? string.Empty : Encoding.UTF8.GetString(body.Slice(from, length));
    }
}
