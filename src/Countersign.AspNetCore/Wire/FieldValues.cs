using System.Buffers;
using System.Text.Json;
using Countersign.Bearer.Problems;

namespace Countersign.AspNetCore.Wire;

/// <summary>Collects the app's own fields of one body, as a JSON object without the members that are Countersign's.</summary>
internal sealed class FieldValues : IDisposable
{
    private readonly IReadOnlyList<FieldMember> _members;
    private readonly bool[] _present;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;

    public FieldValues(IReadOnlyList<FieldMember> members)
    {
        _members = members;
        _present = new bool[members.Count];
        _json = new Utf8JsonWriter(_bytes);
        _json.WriteStartObject();
    }

    /// <summary>The names of the required fields that the body lacks.</summary>
    public IEnumerable<string> Missing => _members.Where((member, index) => member.IsRequired && !_present[index]).Select(static member => member.Name);

    /// <summary>Reads one member.</summary>
    /// <param name="reader">Stands at the member's name, and then at the end of its value.</param>
    /// <param name="body">All bytes of the body.</param>
    /// <returns>Null, or the problem.</returns>
    public Problem? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var index = Find(ref reader);
        if (index < 0)
        {
            return BodyProblems.MemberUnknown;
        }

        var name = _members[index].Name;
        if (_present[index])
        {
            return BodyProblems.MemberRepeated(name);
        }

        _present[index] = true;
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        _json.WritePropertyName(name);
        _json.WriteRawValue(body[start..(int)reader.BytesConsumed]);
        return null;
    }

    /// <summary>The object, in UTF-8.</summary>
    public ReadOnlySpan<byte> Complete()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _bytes.WrittenSpan;
    }

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    private int Find(ref Utf8JsonReader reader)
    {
        for (var index = 0; index < _members.Count; index++)
        {
            if (reader.ValueTextEquals(_members[index].Name))
            {
                return index;
            }
        }

        return -1;
    }
}
