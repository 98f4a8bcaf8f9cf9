using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace Countersign.Server.Database;

/// <summary>Sets the creation time of a new row, for a route, a command or a page of an application.</summary>
internal sealed class CreationTimeGenerator : ValueGenerator<DateTimeOffset>
{
    /// <inheritdoc/>
    public override bool GeneratesTemporaryValues => false;

    /// <inheritdoc/>
    public override DateTimeOffset Next(EntityEntry entry) => entry.Context.GetService<TimeProvider>().GetUtcNow();
}
