using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// A failure of the database that the same request would meet again: the database refuses the values, or the statement does not fit the tables. The usual one
/// is a column of the app that must not be null. A failure that passes (a lock, a full disk, a broken connection, a server that restarts) is not one.
/// </summary>
/// <param name="Code">The SQLSTATE, or SQLite's result code.</param>
/// <param name="Table">Null if the provider does not name it.</param>
/// <param name="Column">Null if the provider does not name it.</param>
/// <param name="Constraint">Null if the provider does not name it.</param>
internal sealed partial record DatabaseFault(string Code, string? Table, string? Column, string? Constraint)
{
    /// <summary>
    /// The classes of SQLSTATE (ISO 9075-2 §24.1, PostgreSQL appendix A) about the statement and its values, not about the server: cardinality, data,
    /// integrity, SQL and external routines, syntax and access rules, check options, limits of the program, and errors that a trigger raises.
    /// </summary>
    private static readonly string[] Classes = ["21", "22", "23", "2F", "38", "39", "42", "44", "54", "P0"];

    /// <summary>
    /// The states in those classes that pass: a missing table, as during a restore or a migration, and a prepared statement whose name a pooler has given to
    /// another client.
    /// </summary>
    private static readonly string[] PassingStates = ["42P01", "42P05"];

    /// <summary>SQLite's SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_MISUSE and SQLITE_RANGE.</summary>
    private static readonly int[] SqliteCodes = [1, 18, 19, 20, 21, 25];

    /// <summary>Classifies an exception.</summary>
    /// <returns>Null for a failure that may pass.</returns>
    public static DatabaseFault? Of(DbException exception)
    {
        if (exception.SqlState is { } state)
        {
            return Classes.Any(one => state.StartsWith(one, StringComparison.Ordinal)) && !PassingStates.Contains(state, StringComparer.Ordinal)
                ? new DatabaseFault(state, Text("TableName"), Text("ColumnName"), Text("ConstraintName"))
                : null;
        }

        // SQLite's provider has the code at the beginning of its message, and in a property of the provider's exception type, which this package does not
        // reference.
        return SqliteMessage().Match(exception.Message) is { Success: true } match ? OfSqlite(match) : null;

        string? Text(string name) => exception.Data[name] as string;
    }

    /// <summary>Finds the first database failure among an exception and those that it wraps, and classifies it.</summary>
    public static DatabaseFault? Find(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is DbException failure)
            {
                return Of(failure);
            }
        }

        return null;
    }

    private static DatabaseFault? OfSqlite(Match match)
    {
        var code = match.Groups["code"].Value;
        if (!SqliteCodes.Contains(int.Parse(code, CultureInfo.InvariantCulture)) || match.Groups["away"].Success)
        {
            return null;
        }

        var column = match.Groups["column"];
        return new DatabaseFault(
            code,
            column.Success ? match.Groups["table"].Value : null,
            column.Success ? column.Value : null,
            match.Groups["constraint"] is { Success: true } constraint ? constraint.Value : null);
    }

    [GeneratedRegex(
        @"^SQLite Error (?<code>\d{1,3}): '((?<away>no such table)|(?<constraint>[A-Z ]+) constraint failed(: (?<table>[^.,']+)\.(?<column>[^.,']+))?)?",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex SqliteMessage();
}
