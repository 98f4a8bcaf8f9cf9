using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The tables of the revocation feed: its lines and its head.</summary>
internal static class FeedTables
{
    public static void Add(ModelBuilder modelBuilder)
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
            entity.Property(row => row.StaleBefore).HasColumnName("stale_before");
            entity.HasData(new FeedHeadRow { Id = 1 });
        });
    }
}
