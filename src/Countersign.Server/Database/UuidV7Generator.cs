using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace Countersign.Server.Database;

/// <summary>Makes ids that sort by creation time (RFC 9562 §5.7), so that new rows are added at the end of the index.</summary>
internal sealed class UuidV7Generator : ValueGenerator<Guid>
{
    /// <inheritdoc/>
    public override bool GeneratesTemporaryValues => false;

    /// <inheritdoc/>
    public override Guid Next(EntityEntry entry) => Guid.CreateVersion7(entry.Context.GetService<TimeProvider>().GetUtcNow());
}
