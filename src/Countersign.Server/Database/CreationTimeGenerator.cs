using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace Countersign.Server.Database;

/// <summary>Dates a new row, whoever makes it: a route, a command, a page of an application's own.</summary>
internal sealed class CreationTimeGenerator : ValueGenerator<DateTimeOffset>
{
    /// <inheritdoc/>
    public override bool GeneratesTemporaryValues => false;

    /// <inheritdoc/>
    public override DateTimeOffset Next(EntityEntry entry) => entry.Context.GetService<TimeProvider>().GetUtcNow();
}
