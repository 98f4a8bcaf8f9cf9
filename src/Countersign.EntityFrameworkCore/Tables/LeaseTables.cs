using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The table of leases, for work that one node does at a time, such as the clean-up.</summary>
internal static class LeaseTables
{
    public static void Add(ModelBuilder modelBuilder) => modelBuilder.Entity<LeaseRow>(entity =>
    {
        entity.ToTable("countersign_leases");
        entity.HasKey(row => row.Name);
        entity.Property(row => row.Name).HasColumnName("name").HasMaxLength(64);
        entity.Property(row => row.Holder).HasColumnName("holder");
        entity.Property(row => row.Until).HasColumnName("until");
    });
}
