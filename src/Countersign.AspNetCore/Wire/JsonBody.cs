using System.Text.Json;
using System.Text.Unicode;
using Countersign.Bearer.Problems;

namespace Countersign.AspNetCore.Wire;

/// <summary>Reads a flat JSON object of texts, strictly: no member twice, none unknown, none of another type (RFC 8259).</summary>
internal static class JsonBody
{
    /// <summary>One level for the object and one for a value of another type, of which only the start is read.</summary>
    private const int MaxDepth = 2;

    /// <summary>Reads a body into the values of its members.</summary>
    /// <returns>Null, or the first problem.</returns>
    public static Problem? Read(ReadOnlySpan<byte> body, BodyValues values)
    {
        if (!Utf8.IsValid(body))
        {
            return BodyProblems.BodyNotUtf8;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return ReadObject(ref reader, values);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader throws this for text that is not JSON, and InvalidOperationException for half of a surrogate pair.
            return BodyProblems.BodyMalformed;
        }
    }

    private static Problem? ReadObject(ref Utf8JsonReader reader, BodyValues values)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return BodyProblems.BodyMalformed;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadMember(ref reader, values) is { } problem)
            {
                return problem;
            }
        }

        return reader.Read() ? BodyProblems.BodyMalformed : null;
    }

    private static Problem? ReadMember(ref Utf8JsonReader reader, BodyValues values)
    {
        var index = Find(ref reader, values.Members);
        if (index < 0)
        {
            return BodyProblems.MemberUnknown;
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
