using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.AspNetCore.Wire;

/// <summary>One of the app's own fields in a body.</summary>
/// <param name="property">The property of the app's record.</param>
internal sealed class FieldMember(JsonPropertyInfo property) : ICustomAttributeProvider
{
    private readonly ICustomAttributeProvider[] _sources =
    [
        .. new[] { property.AttributeProvider, property.AssociatedParameter?.AttributeProvider }.OfType<ICustomAttributeProvider>(),
    ];

    /// <summary>The property of the app's record.</summary>
    public JsonPropertyInfo Property => property;

    /// <summary>The field's name in the body.</summary>
    public string Name => property.Name;

    /// <summary>The property's name in the app's code.</summary>
    public string CodeName => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;

    /// <summary>
    /// Whether the body must have the field: its property is <c>required</c> or has <c>[Required]</c>, or is a parameter of the record that has no default
    /// and may not be null.
    /// </summary>
    public bool IsRequired =>
        property.IsRequired
        || IsDefined(typeof(RequiredAttribute), inherit: true)
        || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };

    /// <summary>The app's rules for the field, the required value first.</summary>
    public IReadOnlyList<ValidationAttribute> Rules =>
    [
        .. GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>().OrderBy(static rule => rule is not RequiredAttribute),
    ];

    /// <inheritdoc />
    public object[] GetCustomAttributes(bool inherit) => [.. _sources.SelectMany(source => source.GetCustomAttributes(inherit))];

    /// <inheritdoc />
    /// <remarks>An attribute of a positional record stands on the parameter, unless it says <c>property:</c>.</remarks>
    public object[] GetCustomAttributes(Type attributeType, bool inherit)
    {
        // Callers cast the array to one of the attribute's type.
        object[] found = [.. _sources.SelectMany(source => source.GetCustomAttributes(attributeType, inherit))];
        var typed = (object[])Array.CreateInstance(attributeType, found.Length);
        found.CopyTo(typed, 0);
        return typed;
    }

    /// <inheritdoc />
    public bool IsDefined(Type attributeType, bool inherit) => _sources.Any(source => source.IsDefined(attributeType, inherit));
}
