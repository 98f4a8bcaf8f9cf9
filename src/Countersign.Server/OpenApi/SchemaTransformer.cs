using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>
/// Adds facts that the framework does not read from attributes: which members are left out instead of null, and which kind of text they hold.
/// </summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    /// <inheritdoc />
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo?.AttributeProvider is not { } member)
        {
            return Task.CompletedTask;
        }

        if (Find<JsonIgnoreAttribute>(member)?.Condition == JsonIgnoreCondition.WhenWritingNull)
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        schema.Format = Find<DataTypeAttribute>(member)?.DataType switch
        {
            // RFC 6531: letters of every script.
            DataType.EmailAddress => "idn-email",
            DataType.Password => "password",
            _ => schema.Format,
        };
        return Task.CompletedTask;
    }

    private static T? Find<T>(ICustomAttributeProvider member)
        where T : Attribute =>
        member.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
