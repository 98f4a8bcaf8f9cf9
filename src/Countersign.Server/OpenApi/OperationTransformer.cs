using System.Globalization;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Wire;
using Countersign.OpenApi;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>Describes a route from its metadata, beyond what the framework reads: its name, credentials, parameters and body.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <inheritdoc />
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var description = context.Description;
        var metadata = description.ActionDescriptor.EndpointMetadata;
        operation.OperationId = metadata.OfType<OperationName>().LastOrDefault()?.Name
            ?? OperationNames.Derive(description.HttpMethod!, description.RelativePath!);
        operation.Security = Credentials.IsOwn(metadata) || Credentials.RequiresLogin(metadata) ? Credentials.Of(metadata, context.Document!) : null;
        foreach (var parameter in metadata.OfType<RouteParameter>())
        {
            Describe(operation, parameter);
        }

        if (operation.RequestBody?.Content is { } content)
        {
            DescribeBody(content, metadata, context.Document!);
        }

        ResponseDescriber.Describe(operation, description, context.Document!);
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiOperation operation, RouteParameter parameter)
    {
        operation.Parameters ??= [];
        if (operation.Parameters.OfType<OpenApiParameter>()
            .FirstOrDefault(known => string.Equals(known.Name, parameter.Name, StringComparison.Ordinal)) is not { } described)
        {
            described = new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Query };
            operation.Parameters.Add(described);
        }

        described.Description = parameter.Description;
        described.Schema = new OpenApiSchema
        {
            Type = string.Equals(parameter.Type, "integer", StringComparison.Ordinal) ? JsonSchemaType.Integer : JsonSchemaType.String,
            Format = parameter.Format,
            Minimum = parameter.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Maximum?.ToString(CultureInfo.InvariantCulture),
            Default = parameter.Default,
        };
    }

    private static void DescribeBody(IDictionary<string, OpenApiMediaType> content, IList<object> metadata, OpenApiDocument document)
    {
        var type = metadata.OfType<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>().LastOrDefault()?.RequestType;
        foreach (var (contentType, media) in content)
        {
            media.Example = Examples.Find(type);
            if (string.Equals(contentType, Form, StringComparison.Ordinal))
            {
                media.Schema = FormSchema(media.Schema, document);
            }
        }
    }

    /// <summary>The same members as a form. Unknown parameters of a form are ignored (RFC 6749 §3.2).</summary>
    private static IOpenApiSchema? FormSchema(IOpenApiSchema? schema, OpenApiDocument document)
    {
        var members = schema is OpenApiSchemaReference { Reference.Id: { } id } ? document.Components?.Schemas?[id] : schema;
        return members is null
            ? schema
            : new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = members.Required,
                Properties = members.Properties,
            };
    }
}
