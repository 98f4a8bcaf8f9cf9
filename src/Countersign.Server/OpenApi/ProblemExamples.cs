using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Bearer.Problems;
using Countersign.Server.Pages;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>Examples of problem documents, as clients get them. Operations with the same problem share one.</summary>
internal static class ProblemExamples
{
    /// <summary>Adds the example of a problem to the document's components, unless it is there.</summary>
    /// <returns>Its id: the reason code, with a suffix if the code has several problems.</returns>
    public static string Add(OpenApiDocument document, Problem refusal)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Examples ??= new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        var examples = document.Components.Examples;
        var problem = JsonNode.Parse(ProblemResult.Write(refusal, ErrorPages.Address).Span)!;
        var id = Ids(refusal).First(id => !examples.TryGetValue(id, out var known) || JsonNode.DeepEquals(known.Value, problem));
        examples[id] = new OpenApiExample { Summary = refusal.Summary, Value = problem };
        return id;
    }

    private static IEnumerable<string> Ids(Problem refusal)
    {
        var id = refusal.Errors is { Count: > 0 } errors ? $"{refusal.Code}.{errors[0].Member}" : refusal.Code;
        yield return id;
        yield return $"{id}.{refusal.OAuthError ?? refusal.Status.ToString(CultureInfo.InvariantCulture)}";
        for (var number = 2; ; number++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{id}.{number}");
        }
    }
}
