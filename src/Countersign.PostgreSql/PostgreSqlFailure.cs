using Npgsql;

namespace Countersign.PostgreSql;

/// <summary>Tells failures apart that come from PostgreSQL.</summary>
internal static class PostgreSqlFailure
{
    /// <summary>"cached plan must not change result type": somebody has changed a table since the statement was prepared.</summary>
    private const string StalePlan = PostgresErrorCodes.FeatureNotSupported;

    /// <summary>
    /// Whether the same work may succeed at once, on another connection but for the last: the server ended this one, its session can't write although others can, its
    /// prepared statements no longer fit the tables, or this transaction was chosen as the victim of a conflict.
    /// Not so where nobody listens, or where time ran out: asking again would only make the client wait twice.
    /// </summary>
    public static bool IsWorthAnotherTry(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.ReadOnlySqlTransaction or StalePlan || IsConflict(exception),
        NpgsqlException { InnerException: IOException and not EndOfStreamException { InnerException: TimeoutException } } => true,
        _ => false,
    };

    /// <summary>
    /// Whether it was the connection that failed, and with it those that lie in the pool: it broke, or its session has become read-only, as on a server that is
    /// no longer the primary, or with a default that only new sessions take up; or a table was changed under its prepared statements, and theirs.
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

    /// <summary>Whether the server has rolled the transaction back in favour of another one. It is certain then that nothing of it was written.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };
}
