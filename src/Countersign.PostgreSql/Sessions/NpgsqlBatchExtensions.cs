using Countersign.EntityFrameworkCore.Accounts;
using Npgsql;

namespace Countersign.PostgreSql.Sessions;

/// <summary>Builds batches of statements.</summary>
internal static class NpgsqlBatchExtensions
{
    /// <summary>Adds a statement.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sql">The statement, with parameters as <c>$1</c>.</param>
    /// <param name="values">Their values; arrays become PostgreSQL's arrays. None of them is null.</param>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = batch.Append(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    /// <summary>Adds the two statements that read accounts.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="answers">What they are asked.</param>
    public static void Add(this NpgsqlBatch batch, AccountStatements statements, AccountAnswers answers)
    {
        foreach (var keys in answers.Parameters)
        {
            batch.Append(statements.Accounts).Parameters.Add(new NpgsqlParameter { ParameterName = statements.AccountsParameter, Value = keys });
            batch.Append(statements.Roles).Parameters.Add(new NpgsqlParameter { ParameterName = statements.RolesParameter, Value = keys });
        }
    }

    private static NpgsqlBatchCommand Append(this NpgsqlBatch batch, string sql)
    {
#pragma warning disable CA2100 // The text is made of constants, of the model's quoted names, or by Entity Framework; every value is a parameter.
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        batch.BatchCommands.Add(command);
        return command;
    }
}
