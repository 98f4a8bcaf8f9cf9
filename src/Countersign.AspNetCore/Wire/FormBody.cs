using System.Text;
using System.Text.Unicode;
using Countersign.Bearer.Problems;

namespace Countersign.AspNetCore.Wire;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> as an OAuth endpoint must (RFC 6749 §3.2, appendix B): UTF-8, no parameter twice, unknown parameters
/// ignored, a parameter without a value treated as left out.
/// </summary>
internal static class FormBody
{
    /// <summary>Reads a body into the values of its members.</summary>
    /// <param name="body">The body. It is decoded in place.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>Null, or the first problem.</returns>
    public static Problem? Read(Span<byte> body, BodyValues values)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 1)..];
            if (!pair.IsEmpty && ReadPair(pair, seen, values) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static Problem? ReadPair(Span<byte> pair, HashSet<string> seen, BodyValues values)
    {
        var equals = pair.IndexOf((byte)'=');
        if (!FormText.TryDecode(equals < 0 ? pair : pair[..equals], out var nameBytes)
            || !FormText.TryDecode(equals < 0 ? [] : pair[(equals + 1)..], out var valueBytes))
        {
            return BodyProblems.BodyMalformed;
        }

        if (!Utf8.IsValid(nameBytes) || !Utf8.IsValid(valueBytes))
        {
            return BodyProblems.BodyNotUtf8;
        }

        var name = Encoding.UTF8.GetString(nameBytes);
        var index = Find(name, values.Members);
        if (!seen.Add(name))
        {
            return BodyProblems.MemberRepeated(index < 0 ? null : name);
        }

        return index < 0 || valueBytes.IsEmpty ? null : values.Set(index, Encoding.UTF8.GetString(valueBytes));
    }

    private static int Find(string name, IReadOnlyList<BodyMember> members)
    {
        for (var index = 0; index < members.Count; index++)
        {
            if (string.Equals(members[index].Name, name, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return -1;
    }
}
