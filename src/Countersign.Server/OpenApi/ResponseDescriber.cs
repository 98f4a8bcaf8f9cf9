using System.Globalization;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Problems;
using Countersign.Server.Pages;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>Describes the responses of a route: an example of each success, and the reason code, headers and document of each problem.</summary>
internal static class ResponseDescriber
{
    /// <summary>Describes the responses of an operation, in the order of their statuses.</summary>
    public static void Describe(OpenApiOperation operation, ApiDescription description, OpenApiDocument document)
    {
        // The metadata nearest to the route was added last, and is the most specific.
        var refusals = description.ActionDescriptor.EndpointMetadata
            .OfType<ProblemsMetadata>()
            .Reverse()
            .SelectMany(static metadata => metadata.Refusals)
            .ToLookup(static refusal => refusal.Status);
        var described = new OpenApiResponses();
        foreach (var (status, response) in (operation.Responses ?? []).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (response is OpenApiResponse own)
            {
                var code = int.Parse(status, CultureInfo.InvariantCulture);
                DescribeOne(own, code, description, [.. refusals[code]], document);
            }

            described[status] = response;
        }

        operation.Responses = described;
    }

    private static void DescribeOne(OpenApiResponse response, int status, ApiDescription description, Problem[] refusals, OpenApiDocument document)
    {
        if (response.Content?.TryGetValue(ProblemResult.ContentType, out var problem) == true)
        {
            DescribeRefusals(response, problem, refusals, description, document);
            DescribeHeaders(response, status, refusals);
        }
        else if (Examples.Find(description.SupportedResponseTypes.FirstOrDefault(type => type.StatusCode == status)?.Type) is { } example)
        {
            foreach (var media in response.Content?.Values ?? [])
            {
                media.Example = example;
            }
        }
    }

    private static void DescribeRefusals(
        OpenApiResponse response, OpenApiMediaType problem, Problem[] refusals, ApiDescription description, OpenApiDocument document)
    {
        if (refusals.Length == 0)
        {
            return;
        }

        var isOAuthEndpoint = description.ActionDescriptor.EndpointMetadata.OfType<OAuthErrorMetadata>().Any();
        var codes = refusals.Select(static refusal => refusal.Code).Distinct(StringComparer.Ordinal);
        response.Description += ". Reason codes: " + string.Join(", ", codes.Select(static code => $"[`{code}`]({ErrorPages.Address}{code})"));
        response.Content = refusals
            .GroupBy(refusal => ProblemResult.ContentTypeOf(refusal, isOAuthEndpoint), StringComparer.Ordinal)
            .ToDictionary(
                static media => media.Key,
                media => new OpenApiMediaType { Schema = problem.Schema, Examples = ExamplesOf(media, document) },
                StringComparer.Ordinal);
    }

    private static Dictionary<string, IOpenApiExample> ExamplesOf(IEnumerable<Problem> refusals, OpenApiDocument document) => refusals
        .Select(refusal => ProblemExamples.Add(document, refusal))
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(static id => id, IOpenApiExample (id) => new OpenApiExampleReference(id, document), StringComparer.Ordinal);

    private static void DescribeHeaders(OpenApiResponse response, int status, Problem[] refusals)
    {
        if (status == StatusCodes.Status401Unauthorized || refusals.Any(static refusal => refusal.Challenge is not null))
        {
            Header(
                response,
                "WWW-Authenticate",
                "How to authenticate (RFC 9110 §11.6.1), and what is wrong with the credential that was sent.",
                JsonSchemaType.String);
        }

        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            || refusals.Any(static refusal => refusal.RetryAfter is not null))
        {
            Header(response, "Retry-After", "When to try again, in seconds.", JsonSchemaType.Integer);
        }
    }

    private static void Header(OpenApiResponse response, string name, string description, JsonSchemaType type)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } };
    }
}
