using Countersign.EntityFrameworkCore.Tables;
using Countersign.Sessions;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Puts Countersign's tables into an app's model.</summary>
public static class CountersignModelBuilderExtensions
{
    /// <summary>The length of ids and names that come from Identity.</summary>
    private const int NameLength = 256;

    /// <summary>
    /// Adds the tables <c>countersign_sessions</c>, <c>_revocations</c>, <c>_feed_head</c>, <c>_keys</c>, <c>_key_state</c>, <c>_sign_in_attempts</c>,
    /// <c>_security_events</c> and <c>_leases</c>. Call it in <c>OnModelCreating</c>, then add a migration.
    /// </summary>
    /// <param name="modelBuilder">The model.</param>
    /// <returns>The same model builder.</returns>
    public static ModelBuilder UseCountersign(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        AddSessions(modelBuilder);
        AddFeed(modelBuilder);
        AddKeys(modelBuilder);
        AddAttempts(modelBuilder);
        AddEvents(modelBuilder);
        AddLeases(modelBuilder);
        return modelBuilder;
    }

    private static void AddSessions(ModelBuilder modelBuilder) => modelBuilder.Entity<SessionRow>(entity =>
    {
        entity.ToTable("countersign_sessions");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.UserId).HasColumnName("user_id").HasMaxLength(NameLength);
        entity.Property(row => row.Generation).HasColumnName("generation");
        entity.Property(row => row.Parent).HasColumnName("parent");
        entity.Property(row => row.Salt).HasColumnName("salt").HasMaxLength(Session.SaltBytes);
        entity.Property(row => row.KeyId).HasColumnName("key_id").HasMaxLength(NameLength);
        entity.Property(row => row.Stamp).HasColumnName("stamp").HasMaxLength(Session.StampBytes);
        entity.Property(row => row.CreatedAt).HasColumnName("created_at");
        entity.Property(row => row.RefreshedAt).HasColumnName("refreshed_at");
        entity.Property(row => row.IdleExpiresAt).HasColumnName("idle_expires_at");
        entity.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        entity.Property(row => row.RevokedAt).HasColumnName("revoked_at");
        entity.Property(row => row.RevokedReason).HasColumnName("revoked_reason");
        entity.Property(row => row.AuthenticatedAt).HasColumnName("authenticated_at");
        entity.Property(row => row.Methods).HasColumnName("methods").HasMaxLength(NameLength);
        entity.Property(row => row.UserAgent).HasColumnName("user_agent").HasMaxLength(512);
        entity.Property(row => row.IpAddress).HasColumnName("ip_address").HasMaxLength(64);
        entity.Property(row => row.Label).HasColumnName("label").HasMaxLength(100);
        entity.Property(row => row.CleanupAt).HasColumnName("cleanup_at");

        // For an account's sessions, page by page; and for the clean-up. A rotation changes no column of any index: PostgreSQL can then put the row's next version beside the last.
        entity.HasIndex(row => new { row.UserId, row.Id });
        entity.HasIndex(row => row.CleanupAt);

        // Of the revoked ones alone: nobody else is to wait for it.
        entity.HasIndex(row => row.RevokedAt).HasFilter("revoked_at IS NOT NULL");
    });

    private static void AddFeed(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RevocationRow>(entity =>
        {
            entity.ToTable("countersign_revocations");
            entity.HasKey(row => row.Sequence);
            entity.Property(row => row.Sequence).HasColumnName("seq").ValueGeneratedNever();
            entity.Property(row => row.SessionId).HasColumnName("session_id");
            entity.Property(row => row.Reason).HasColumnName("reason");
            entity.Property(row => row.RevokedAt).HasColumnName("revoked_at");
            entity.HasIndex(row => row.RevokedAt);
        });
        modelBuilder.Entity<FeedHeadRow>(entity =>
        {
            entity.ToTable("countersign_feed_head");
            entity.HasKey(row => row.Id);
            entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            entity.Property(row => row.Sequence).HasColumnName("seq");
            entity.Property(row => row.Epoch).HasColumnName("epoch");
            entity.HasData(new FeedHeadRow { Id = 1 });
        });
    }

    private static void AddKeys(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<KeyRow>(entity =>
        {
            entity.ToTable("countersign_keys");
            entity.HasKey(row => row.KeyId);
            entity.Property(row => row.KeyId).HasColumnName("kid").HasMaxLength(NameLength);
            entity.Property(row => row.Use).HasColumnName("use");
            entity.Property(row => row.Algorithm).HasColumnName("algorithm").HasMaxLength(16);
            entity.Property(row => row.State).HasColumnName("state");
            entity.Property(row => row.PublicKey).HasColumnName("public_key");
            entity.Property(row => row.WrappedKey).HasColumnName("wrapped_key");
            entity.Property(row => row.CreatedAt).HasColumnName("created_at");
            entity.Property(row => row.ActivatedAt).HasColumnName("activated_at");
            entity.Property(row => row.RetiresAt).HasColumnName("retires_at");
        });
        modelBuilder.Entity<KeyStateRow>(entity =>
        {
            entity.ToTable("countersign_key_state");
            entity.HasKey(row => row.Id);
            entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            entity.Property(row => row.Version).HasColumnName("version");
            entity.Property(row => row.Mode).HasColumnName("mode");
            entity.HasData(new KeyStateRow { Id = 1 });
        });
    }

    private static void AddAttempts(ModelBuilder modelBuilder) => modelBuilder.Entity<SignInAttemptRow>(entity =>
    {
        entity.ToTable("countersign_sign_in_attempts");
        entity.HasKey(row => new { row.Subject, row.Origin });
        entity.Property(row => row.Subject).HasColumnName("subject").HasMaxLength(NameLength + 8);
        entity.Property(row => row.Origin).HasColumnName("origin").HasMaxLength(128);
        entity.Property(row => row.Failures).HasColumnName("failures");
        entity.Property(row => row.BlockedUntil).HasColumnName("blocked_until");
        entity.Property(row => row.UpdatedAt).HasColumnName("updated_at");
        entity.HasIndex(row => row.UpdatedAt);
    });

    private static void AddEvents(ModelBuilder modelBuilder) => modelBuilder.Entity<SecurityEventRow>(entity =>
    {
        entity.ToTable("countersign_security_events");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.At).HasColumnName("at");
        entity.Property(row => row.Kind).HasColumnName("kind").HasMaxLength(64);
        entity.Property(row => row.UserId).HasColumnName("user_id").HasMaxLength(NameLength);
        entity.Property(row => row.SessionId).HasColumnName("session_id");
        entity.Property(row => row.IpAddress).HasColumnName("ip_address").HasMaxLength(64);
        entity.Property(row => row.Detail).HasColumnName("detail").HasMaxLength(1024);
        entity.HasIndex(row => row.UserId);
    });

    private static void AddLeases(ModelBuilder modelBuilder) => modelBuilder.Entity<LeaseRow>(entity =>
    {
        entity.ToTable("countersign_leases");
        entity.HasKey(row => row.Name);
        entity.Property(row => row.Name).HasColumnName("name").HasMaxLength(64);
        entity.Property(row => row.Holder).HasColumnName("holder");
        entity.Property(row => row.Until).HasColumnName("until");
    });
}
