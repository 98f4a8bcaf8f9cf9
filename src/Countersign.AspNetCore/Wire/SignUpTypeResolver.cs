using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.AspNetCore.Wire.Requests;

namespace Countersign.AspNetCore.Wire;

/// <summary>
/// Describes the body of a sign-up with fields of the app to generators of OpenAPI documents: one object with Countersign's members and the app's. It stands
/// among the app's own resolvers, where generators look, and answers for this one type.
/// </summary>
internal sealed class SignUpTypeResolver : IJsonTypeInfoResolver
{
    public static readonly SignUpTypeResolver Instance = new();

    private SignUpTypeResolver()
    {
    }

    /// <inheritdoc />
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(RegisterRequest<>) || options.TypeInfoResolver is not { } resolver)
        {
            return null;
        }

        var described = JsonTypeInfo.CreateJsonTypeInfo(type, options);
        described.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        foreach (var source in new[] { typeof(RegisterRequest), type.GenericTypeArguments[0] })
        {
            foreach (var property in resolver.GetTypeInfo(source, options)?.Properties ?? [])
            {
                described.Properties.Add(Copy(new FieldMember(property), described));
            }
        }

        return described;
    }

    private static JsonPropertyInfo Copy(FieldMember member, JsonTypeInfo described)
    {
        var property = member.Property;
        var copy = described.CreateJsonPropertyInfo(property.PropertyType, property.Name);
        copy.AttributeProvider = member;
        copy.CustomConverter = property.CustomConverter;
        copy.Get = property.Get;
        copy.Set = property.Set ?? ((_, _) => { });
        copy.IsGetNullable = property.IsGetNullable;
        copy.IsSetNullable = property.IsSetNullable;
        copy.IsRequired = member.IsRequired;
        copy.NumberHandling = property.NumberHandling;
        return copy;
    }
}
