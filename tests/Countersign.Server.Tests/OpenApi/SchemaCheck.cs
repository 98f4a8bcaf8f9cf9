using System.Globalization;
using System.Text.Json;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The part of JSON Schema (2020-12) that our document uses; anything else in a schema is a fault of this check.</summary>
internal sealed class SchemaCheck(DocumentReading document)
{
    private static readonly string[] Known =
        ["type", "format", "description", "required", "properties", "additionalProperties", "items", "minLength", "maxLength", "minimum", "maximum", "default"];

    /// <summary>What is wrong with a value; empty if it is valid.</summary>
    public IEnumerable<string> Faults(JsonElement value, JsonElement schema, string at = "$")
    {
        schema = document.Resolve(schema);
        var unknown = schema.EnumerateObject().Select(keyword => keyword.Name).Except(Known, StringComparer.Ordinal)
            .Select(name => $"{at}: the keyword {name} is not checked");
        return unknown.Concat(TypeFaults(value, schema, at)).Concat(value.ValueKind switch
        {
            JsonValueKind.Object => ObjectFaults(value, schema, at),
            JsonValueKind.Array =>
                value.EnumerateArray()
                    .SelectMany((item, index) => Faults(item, schema.GetProperty("items"), string.Create(CultureInfo.InvariantCulture, $"{at}[{index}]"))),
            JsonValueKind.String => TextFaults(value.GetString()!, schema, at),
            _ => [],
        });
    }

    private static IEnumerable<string> TypeFaults(JsonElement value, JsonElement schema, string at)
    {
        var type = value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => "integer",
            _ => value.ValueKind.ToString().ToLowerInvariant(),
        };
        if (!schema.TryGetProperty("type", out var declared))
        {
            return [];
        }

        string?[] types = declared.ValueKind == JsonValueKind.Array ? [.. declared.EnumerateArray().Select(one => one.GetString())] : [declared.GetString()];
        return types.Contains(type, StringComparer.Ordinal) ? [] : [$"{at}: is {type}, not {string.Join(" or ", types)}"];
    }

    private IEnumerable<string> ObjectFaults(JsonElement value, JsonElement schema, string at)
    {
        foreach (var name in schema.TryGetProperty("required", out var required) ? required.EnumerateArray() : default)
        {
            if (!value.TryGetProperty(name.GetString()!, out _))
            {
                yield return $"{at}: lacks {name}";
            }
        }

        foreach (var member in value.EnumerateObject())
        {
            var faults = schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var known)
                ? Faults(member.Value, known, $"{at}.{member.Name}")
                : !schema.TryGetProperty("additionalProperties", out var others)
                ? schema.TryGetProperty("properties", out _)
                ? [$"{at}: {member.Name} is not described"]
                : []
                : others.ValueKind == JsonValueKind.Object ? Faults(member.Value, others, $"{at}.{member.Name}")
                : [$"{at}: {member.Name} is refused"];
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> TextFaults(string text, JsonElement schema, string at)
    {
        var length = text.EnumerateRunes().Count();
        if (schema.TryGetProperty("minLength", out var least) && length < least.GetInt32())
        {
            yield return $"{at}: is shorter than {least}";
        }

        if (schema.TryGetProperty("maxLength", out var most) && length > most.GetInt32())
        {
            yield return $"{at}: is longer than {most}";
        }

        var format = schema.TryGetProperty("format", out var declared) ? declared.GetString() : null;
        var fits = format switch
        {
            null or "password" => true,
            "idn-email" => text.Contains('@', StringComparison.Ordinal),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "uri-reference" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            _ => false,
        };
        if (!fits)
        {
            yield return $"{at}: is no {format}";
        }
    }
}
