using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Tells whether a context is on SQLite, without a reference to that provider's package.</summary>
internal static class SqliteProvider
{
    /// <summary>
    /// How long a statement, or the turn to write, is waited for before the work fails and its client comes again.
    /// </summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private const string Name = "Microsoft.EntityFrameworkCore.Sqlite";

    /// <summary>Whether it is.</summary>
    public static bool Is(DbContext? context) => context is not null && string.Equals(context.Database.ProviderName, Name, StringComparison.Ordinal);
}
