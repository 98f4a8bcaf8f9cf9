using System.Data.Common;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Small methods that ADO.NET lacks.</summary>
internal static class DbCommandExtensions
{
    /// <summary>Adds a parameter that has no value yet.</summary>
    public static DbParameter AddParameter(this DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Reads an instant.</summary>
    public static DateTimeOffset GetInstant(this DbDataReader reader, int ordinal) => new(reader.GetInt64(ordinal), TimeSpan.Zero);

    /// <summary>Reads an instant that may be NULL.</summary>
    public static DateTimeOffset? FindInstant(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInstant(ordinal);

    /// <summary>Reads text that may be NULL.</summary>
    public static string? FindString(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>Reads a number that may be NULL.</summary>
    public static int? FindInt32(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt32(ordinal);

    /// <summary>Reads bytes.</summary>
    public static byte[] GetBytes(this DbDataReader reader, int ordinal) => reader.GetFieldValue<byte[]>(ordinal);
}
