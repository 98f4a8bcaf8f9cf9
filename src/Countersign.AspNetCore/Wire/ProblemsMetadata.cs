using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire;

/// <summary>
/// Says with which refusals of one status a route may answer. Every generator reads the status and the shape; the server's reads the refusals themselves, and
/// takes reason codes, headers and examples from them.
/// </summary>
internal sealed class ProblemsMetadata(int status, IReadOnlyList<Problem> refusals) : IProducesResponseTypeMetadata
{
    /// <inheritdoc />
    public int StatusCode { get; } = status;

    /// <inheritdoc />
    public Type? Type => typeof(ProblemDocument);

    /// <inheritdoc />
    public IEnumerable<string> ContentTypes { get; } = [ProblemResult.ContentType];

    /// <summary>The refusals; at least one.</summary>
    public IReadOnlyList<Problem> Refusals { get; } = refusals;
}
