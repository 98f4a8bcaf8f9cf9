using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The audit table.</summary>
internal static class SecurityEventTables
{
    public static void Add(ModelBuilder modelBuilder) => modelBuilder.Entity<SecurityEventRow>(entity =>
    {
        entity.ToTable("countersign_security_events");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.At).HasColumnName("at");
        entity.Property(row => row.Kind).HasColumnName("kind").HasMaxLength(64);
        entity.Property(row => row.UserId).HasColumnName("user_id").HasMaxLength(ColumnLengths.Name);
        entity.Property(row => row.SessionId).HasColumnName("session_id");
        entity.Property(row => row.IpAddress).HasColumnName("ip_address").HasMaxLength(64);
        entity.Property(row => row.Detail).HasColumnName("detail").HasMaxLength(1024);
        entity.HasIndex(row => row.UserId);
    });
}
