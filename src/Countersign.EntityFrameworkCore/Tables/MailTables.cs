using System.Security.Cryptography;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Tables;

/// <summary>The tables of mails and of the tokens in their links.</summary>
internal static class MailTables
{
    public const int MaxErrorLength = 256;

    private const int MaxKindLength = 32;
    private const int MaxAddressLength = 320;

    public static void Add(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MailRow>(entity =>
        {
            entity.ToTable("countersign_mail");
            entity.HasKey(row => row.Id);
            entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            entity.Property(row => row.Kind).HasColumnName("kind").HasMaxLength(MaxKindLength);
            entity.Property(row => row.UserId).HasColumnName("user_id").HasMaxLength(ColumnLengths.Name);
            entity.Property(row => row.Address).HasColumnName("address").HasMaxLength(MaxAddressLength);
            entity.Property(row => row.Culture).HasColumnName("culture").HasMaxLength(32);
            entity.Property(row => row.Network).HasColumnName("network").HasMaxLength(64);
            entity.Property(row => row.Device).HasColumnName("device").HasMaxLength(100);
            entity.Property(row => row.CreatedAt).HasColumnName("created_at");
            entity.Property(row => row.DueAt).HasColumnName("due_at");
            entity.Property(row => row.Attempts).HasColumnName("attempts");
            entity.Property(row => row.SealedToken).HasColumnName("sealed_token");
            entity.Property(row => row.WaitingKey).HasColumnName("waiting_key").HasMaxLength(64);
            entity.Property(row => row.LastError).HasColumnName("last_error").HasMaxLength(MaxErrorLength);
            entity.Property(row => row.DoneAt).HasColumnName("done_at");
            entity.Property(row => row.Outcome).HasColumnName("outcome");
            entity.HasIndex(row => row.WaitingKey).IsUnique();

            // For the worker, which reads what is due; for the limits of an account; and for the clean-up.
            entity.HasIndex(row => row.DueAt).HasFilter("done_at IS NULL");
            entity.HasIndex(row => row.UserId);
            entity.HasIndex(row => row.DoneAt).HasFilter("done_at IS NOT NULL");
        });
        modelBuilder.Entity<MailTokenRow>(entity =>
        {
            entity.ToTable("countersign_mail_tokens");
            entity.HasKey(row => new { row.UserId, row.Purpose });
            entity.Property(row => row.UserId).HasColumnName("user_id").HasMaxLength(ColumnLengths.Name);
            entity.Property(row => row.Purpose).HasColumnName("purpose").HasMaxLength(MaxKindLength);
            entity.Property(row => row.TokenHash).HasColumnName("token_hash").HasMaxLength(SHA256.HashSizeInBytes);
            entity.Property(row => row.Address).HasColumnName("address").HasMaxLength(MaxAddressLength);
            entity.Property(row => row.Stamp).HasColumnName("stamp").HasMaxLength(Session.StampBytes);
            entity.Property(row => row.ExpiresAt).HasColumnName("expires_at");
            entity.Property(row => row.UsedAt).HasColumnName("used_at");
            entity.Property(row => row.Failures).HasColumnName("failures");
            entity.HasIndex(row => row.TokenHash).IsUnique();
            entity.HasIndex(row => row.ExpiresAt);
        });
    }
}
