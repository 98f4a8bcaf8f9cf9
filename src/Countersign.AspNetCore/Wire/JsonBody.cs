using System.Text.Json;
using System.Text.Unicode;
using Countersign.Bearer.Problems;

namespace Countersign.AspNetCore.Wire;

/// <summary>
/// Reads a flat JSON object, strictly: no member twice, none unknown, none of another type (RFC 8259). Its members are texts, and the app's own fields.
/// </summary>
internal static class JsonBody
{
    /// <summary>One level for the object, and one for a field that is a list, or for a value of another type, of which only the start is read.</summary>
    private const int MaxDepth = 2;

    /// <summary>Reads a body into the values of its members.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="values">Gets the texts.</param>
    /// <param name="fields">Gets the app's own fields; null if the body has none.</param>
    /// <returns>Null, or the first problem.</returns>
    public static Problem? Read(ReadOnlySpan<byte> body, BodyValues values, FieldValues? fields = null)
    {
        if (!Utf8.IsValid(body))
        {
            return BodyProblems.BodyNotUtf8;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return ReadObject(ref reader, body, values, fields);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader throws this for text that is not JSON, and InvalidOperationException for half of a surrogate pair.
            return BodyProblems.BodyMalformed;
        }
    }

    private static Problem? ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, BodyValues values, FieldValues? fields)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return BodyProblems.BodyMalformed;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadMember(ref reader, body, values, fields) is { } problem)
            {
                return problem;
            }
        }

        return reader.Read() ? BodyProblems.BodyMalformed : null;
    }

    private static Problem? ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, BodyValues values, FieldValues? fields)
    {
        var index = Find(ref reader, values.Members);
        if (index < 0)
        {
            return fields is null ? BodyProblems.MemberUnknown : fields.Read(ref reader, body);
        }

        var name = values.Members[index].Name;
        if (values.IsPresent(index))
        {
            return BodyProblems.MemberRepeated(name);
        }

        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => values.Set(index, reader.GetString()),
            JsonTokenType.Null => values.Set(index, null),
            _ => BodyProblems.MemberMalformed(name),
        };
    }

    private static int Find(ref Utf8JsonReader reader, IReadOnlyList<BodyMember> members)
    {
        for (var index = 0; index < members.Count; index++)
        {
            if (reader.ValueTextEquals(members[index].Name))
            {
                return index;
            }
        }

        return -1;
    }
}
