using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The table of sessions, with one row for each.</summary>
internal static class SessionTables
{
    public static void Add(ModelBuilder modelBuilder) => modelBuilder.Entity<SessionRow>(entity =>
    {
        entity.ToTable("countersign_sessions");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.UserId).HasColumnName("user_id").HasMaxLength(ColumnLengths.Name);
        entity.Property(row => row.Generation).HasColumnName("generation");
        entity.Property(row => row.Parent).HasColumnName("parent");
        entity.Property(row => row.Salt).HasColumnName("salt").HasMaxLength(Session.SaltBytes);
        entity.Property(row => row.KeyId).HasColumnName("key_id").HasMaxLength(ColumnLengths.Name);
        entity.Property(row => row.Stamp).HasColumnName("stamp").HasMaxLength(Session.StampBytes);
        entity.Property(row => row.CreatedAt).HasColumnName("created_at");
        entity.Property(row => row.RefreshedAt).HasColumnName("refreshed_at");
        entity.Property(row => row.IdleExpiresAt).HasColumnName("idle_expires_at");
        entity.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        entity.Property(row => row.RevokedAt).HasColumnName("revoked_at");
        entity.Property(row => row.RevokedReason).HasColumnName("revoked_reason");
        entity.Property(row => row.AuthenticatedAt).HasColumnName("authenticated_at");
        entity.Property(row => row.Methods).HasColumnName("methods").HasMaxLength(ColumnLengths.Name);
        entity.Property(row => row.UserAgent).HasColumnName("user_agent").HasMaxLength(512);
        entity.Property(row => row.IpAddress).HasColumnName("ip_address").HasMaxLength(64);
        entity.Property(row => row.Label).HasColumnName("label").HasMaxLength(100);
        entity.Property(row => row.CleanupAt).HasColumnName("cleanup_at");

        // The first index is for an account's sessions, page by page, the second for the clean-up. A rotation changes no column of any index, so PostgreSQL can
        // put the row's next version beside the last.
        entity.HasIndex(row => new { row.UserId, row.Id });
        entity.HasIndex(row => row.CleanupAt);

        // Only revoked rows are in this index, so that other writes need not update it.
        entity.HasIndex(row => row.RevokedAt).HasFilter("revoked_at IS NOT NULL");
    });
}
