using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The table of wrong passwords, which all nodes count in.</summary>
internal static class SignInAttemptTables
{
    public static void Add(ModelBuilder modelBuilder) => modelBuilder.Entity<SignInAttemptRow>(entity =>
    {
        entity.ToTable("countersign_sign_in_attempts");
        entity.HasKey(row => new { row.Subject, row.Origin });
        entity.Property(row => row.Subject).HasColumnName("subject").HasMaxLength(ColumnLengths.Name + 8);
        entity.Property(row => row.Origin).HasColumnName("origin").HasMaxLength(128);
        entity.Property(row => row.Failures).HasColumnName("failures");
        entity.Property(row => row.BlockedUntil).HasColumnName("blocked_until");
        entity.Property(row => row.UpdatedAt).HasColumnName("updated_at");
        entity.HasIndex(row => row.UpdatedAt);
    });
}
