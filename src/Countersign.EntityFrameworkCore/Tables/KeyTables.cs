using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The tables of signing and refresh keys, and of the version of their set.</summary>
internal static class KeyTables
{
    public static void Add(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<KeyRow>(entity =>
        {
            entity.ToTable("countersign_keys");
            entity.HasKey(row => row.KeyId);
            entity.Property(row => row.KeyId).HasColumnName("kid").HasMaxLength(ColumnLengths.Name);
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
}
