using Countersign.EntityFrameworkCore.Tables;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds Countersign's tables to an app's model.</summary>
public static class CountersignModelBuilderExtensions
{
    /// <summary>
    /// Adds the tables <c>countersign_sessions</c>, <c>_revocations</c>, <c>_feed_head</c>, <c>_keys</c>, <c>_key_state</c>, <c>_sign_in_attempts</c>,
    /// <c>_security_events</c>, <c>_leases</c>, <c>_mail</c> and <c>_mail_tokens</c>. Call it in <c>OnModelCreating</c>, then add a migration.
    /// </summary>
    /// <param name="modelBuilder">The model.</param>
    /// <returns>The same model builder.</returns>
    public static ModelBuilder UseCountersign(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        SessionTables.Add(modelBuilder);
        FeedTables.Add(modelBuilder);
        KeyTables.Add(modelBuilder);
        SignInAttemptTables.Add(modelBuilder);
        SecurityEventTables.Add(modelBuilder);
        LeaseTables.Add(modelBuilder);
        MailTables.Add(modelBuilder);
        return modelBuilder;
    }
}
