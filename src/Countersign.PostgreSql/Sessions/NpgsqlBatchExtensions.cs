using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>Builds batches of statements.</summary>
internal static class NpgsqlBatchExtensions
{
    /// <summary>Adds a statement.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sql">The statement, with parameters as <c>$1</c>.</param>
    /// <param name="values">The values of the parameters; arrays become PostgreSQL arrays. None of them is null.</param>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
#pragma warning disable CA2100 // The text consists of constants and of the model's quoted names; every value is a parameter.
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
