using System.Text.RegularExpressions;

namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>Finds the kind of an SQL statement. It knows the statements that the servers of this suite send, not all of SQL.</summary>
internal static partial class Statements
{
    public static StatementKind KindOf(string sql)
    {
        var text = sql.AsSpan().TrimStart();
        return StartsWith(text, "BEGIN") || StartsWith(text, "START TRANSACTION") ? StatementKind.Begin
            : StartsWith(text, "COMMIT") || StartsWith(text, "END") ? StatementKind.Commit
            : StartsWith(text, "ROLLBACK") && !text.Contains(" TO ", StringComparison.OrdinalIgnoreCase) ? StatementKind.Rollback
            : Writing().IsMatch(text) ? StatementKind.Write
            : StatementKind.Other;
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string word) =>
        text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (text.Length == word.Length || !char.IsAsciiLetterOrDigit(text[word.Length]));

    // A lock is not a write: SELECT … FOR UPDATE, FOR NO KEY UPDATE. And the UPDATE of an upsert is not a second write.
    [GeneratedRegex(
        """\bINSERT\s+INTO\b|(?<!FOR\s|KEY\s|DO\s)\bUPDATE\s+(ONLY\s+)?["\w]|\bDELETE\s+FROM\b|\bMERGE\s+INTO\b""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Writing();
}
