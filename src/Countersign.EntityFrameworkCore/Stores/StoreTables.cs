using Countersign.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The names of the tables in the app's model, quoted for its provider. An app may put them into a separate schema.</summary>
internal sealed record StoreTables(
    string Sessions, string Revocations, string FeedHead, string Keys, string KeyState, string Attempts, string Events, string Leases, string Mail,
    string MailTokens)
{
    /// <summary>Returns the type's name. One of the names is that of secrets, and a rule for all types is easier to hold than one with exceptions.</summary>
    public override string ToString() => nameof(StoreTables);

    /// <summary>Reads the names from a context's model.</summary>
    /// <exception cref="InvalidOperationException">The model has no such tables.</exception>
    public static StoreTables From(DbContext context)
    {
        var sql = context.GetService<ISqlGenerationHelper>();
        return new StoreTables(
            Name<SessionRow>(),
            Name<RevocationRow>(),
            Name<FeedHeadRow>(),
            Name<KeyRow>(),
            Name<KeyStateRow>(),
            Name<SignInAttemptRow>(),
            Name<SecurityEventRow>(),
            Name<LeaseRow>(),
            Name<MailRow>(),
            Name<MailTokenRow>());

        string Name<TRow>()
        {
            var entity = context.Model.FindEntityType(typeof(TRow))
                ?? throw new InvalidOperationException(
                    $"{context.GetType().Name} has no Countersign tables. Call modelBuilder.UseCountersign() in its OnModelCreating, and add a migration.");
            return sql.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema());
        }
    }
}
