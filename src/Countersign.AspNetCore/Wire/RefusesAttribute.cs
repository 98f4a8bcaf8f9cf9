using Countersign.Bearer.Refusals;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire;

/// <summary>Says that a route may answer with a problem document of one status, for those who describe the routes.</summary>
/// <param name="status">The status.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RefusesAttribute(int status) : Attribute, IProducesResponseTypeMetadata
{
    /// <inheritdoc />
    public int StatusCode { get; } = status;

    /// <inheritdoc />
    public Type? Type => typeof(ProblemDocument);

    /// <inheritdoc />
    public IEnumerable<string> ContentTypes { get; } = [ProblemResult.ContentType];
}
