using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire;

/// <summary>One member of a request's body. Every member is text.</summary>
/// <param name="Property">The property that takes its value.</param>
/// <param name="Name">The member's name in the body.</param>
internal readonly record struct BodyMember(string Property, string Name)
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Whether the member may be left out: the property is not <c>required</c>.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Whether JSON's <c>null</c> is a value of the member: the property may be null, and its null is written.</summary>
    public bool TakesNull { get; private init; }

    /// <summary>The members of a request: its properties with a name in the body.</summary>
    public static IReadOnlyList<BodyMember> Of(Type request) =>
    [
        .. request.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.IsDefined(typeof(JsonPropertyNameAttribute)))
            .Select(static property => new BodyMember(property.Name, property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name)
            {
                IsOptional = !property.IsDefined(typeof(RequiredMemberAttribute)) || property.IsDefined(typeof(AskedForLaterAttribute)),
                TakesNull = IsNullable(property) && !property.IsDefined(typeof(JsonIgnoreAttribute)),
            }),
    ];

    private static bool IsNullable(PropertyInfo property)
    {
        // The context caches what it has read, and is not safe for use by several threads.
        lock (Nullability)
        {
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }
}
