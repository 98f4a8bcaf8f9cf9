using System.Diagnostics.CodeAnalysis;
using Countersign.Bearer.Problems;

namespace Countersign.AspNetCore.Wire;

/// <summary>The values of a body's members. They include passwords and tokens, so <c>ToString()</c> shows none of them.</summary>
internal sealed class BodyValues(IReadOnlyList<BodyMember> members)
{
    /// <summary>Not a character: a byte order mark read backwards, and the only code point on which the platform's Unicode normalisation throws.</summary>
    private const char ReversedByteOrderMark = '\uFFFE';

    private readonly string?[] _values = new string?[members.Count];
    private readonly bool[] _present = new bool[members.Count];

    /// <summary>The members that the request may have.</summary>
    public IReadOnlyList<BodyMember> Members { get; } = members;

    /// <summary>The value for a property. It always has one after <see cref="TryComplete"/> has succeeded.</summary>
    public string this[string property] => Find(property) ?? throw new InvalidOperationException($"{property} has no value.");

    /// <summary>The value for a property; null if the member is missing or <c>null</c>.</summary>
    public string? Find(string property) => _values[IndexOf(property)];

    /// <summary>The names of the required members that the body lacks.</summary>
    public IEnumerable<string> Missing => Members.Where((member, index) => !member.IsOptional && !_present[index]).Select(static member => member.Name);

    /// <summary>Whether the body has the member, even as <c>null</c>.</summary>
    public bool IsPresent(int index) => _present[index];

    /// <summary>Sets the value of a member.</summary>
    /// <returns>Null, or the problem of the value.</returns>
    public Problem? Set(int index, string? value)
    {
        var member = Members[index];
        if (value is null ? !member.TakesNull : value.Contains(ReversedByteOrderMark, StringComparison.Ordinal))
        {
            return BodyProblems.MemberMalformed(member.Name);
        }

        _present[index] = true;
        _values[index] = value;
        return null;
    }

    /// <summary>Whether every required member is present.</summary>
    public bool TryComplete([NotNullWhen(false)] out Problem? problem)
    {
        var missing = Missing.ToList();
        problem = missing.Count == 0 ? null : BodyProblems.MembersMissing(missing);
        return problem is null;
    }

    private int IndexOf(string property)
    {
        for (var index = 0; index < Members.Count; index++)
        {
            if (string.Equals(Members[index].Property, property, StringComparison.Ordinal))
            {
                return index;
            }
        }

        throw new ArgumentException($"The request has no {property}.", nameof(property));
    }
}
