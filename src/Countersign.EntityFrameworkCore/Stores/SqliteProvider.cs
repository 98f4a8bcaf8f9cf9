using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>Tells whether a context uses SQLite, without a reference to that provider's package.</summary>
internal static class SqliteProvider
{
    /// <summary>The provider's name, as a context tells it.</summary>
    public const string Name = "Microsoft.EntityFrameworkCore.Sqlite";

    /// <summary>The longest wait for a statement, or for the turn to write. After it the request fails and the client must try again.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Whether the context uses SQLite.</summary>
    public static bool Is(DbContext? context) => context is not null && string.Equals(context.Database.ProviderName, Name, StringComparison.Ordinal);
}
