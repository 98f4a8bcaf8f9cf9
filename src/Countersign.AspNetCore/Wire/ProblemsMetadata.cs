using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire;

/// <summary>
/// The problems of one status that a route may answer with. Every generator of descriptions reads the status and the shape. The server's generator also reads
/// the problems, for reason codes, headers and examples.
/// </summary>
internal sealed class ProblemsMetadata(int status, IReadOnlyList<Problem> refusals) : IProducesResponseTypeMetadata
{
    /// <inheritdoc />
    public int StatusCode { get; } = status;

    /// <inheritdoc />
    public Type? Type => typeof(ProblemDocument);

    /// <inheritdoc />
    public IEnumerable<string> ContentTypes { get; } = [ProblemResult.ContentType];

    /// <summary>The problems; at least one.</summary>
    public IReadOnlyList<Problem> Refusals { get; } = refusals;
}
