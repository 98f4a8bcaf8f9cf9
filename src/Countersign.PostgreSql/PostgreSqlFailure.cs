using Npgsql;

namespace Countersign.PostgreSql;

/// <summary>Classifies failures of PostgreSQL.</summary>
internal static class PostgreSqlFailure
{
    /// <summary>"cached plan must not change result type": a table was changed after the statement was prepared.</summary>
    private const string StalePlan = PostgresErrorCodes.FeatureNotSupported;

    /// <summary>
    /// Whether the same work may succeed at once: the server ended the connection, its session can't write although others can, its prepared statements no
    /// longer fit the tables, or this transaction was the victim of a conflict. In all cases except the last, the work needs another connection. Not if no
    /// server listens or a time-out passed: then another try would only make the client wait twice.
    /// </summary>
    public static bool IsWorthAnotherTry(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.ReadOnlySqlTransaction or StalePlan
            || IsConflict(exception),
        NpgsqlException { InnerException: IOException and not EndOfStreamException { InnerException: TimeoutException } } => true,
        _ => false,
    };

    /// <summary>
    /// Whether the connection failed, and probably others in the pool too. It broke. Or its session has become read-only: the server is no longer the primary,
    /// or has a default that only new sessions get. Or a table was changed after its statements were prepared.
    /// </summary>
    public static bool IsOfTheConnection(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state
            is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or StalePlan,
        _ => exception is NpgsqlException,
    };

    /// <summary>Whether the server has rolled the transaction back in favour of another one. Then it certainly wrote nothing.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };
}
