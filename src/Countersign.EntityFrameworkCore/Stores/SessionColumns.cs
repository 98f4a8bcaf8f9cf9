using System.Data.Common;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The columns of a session, in the order of all statements and readers.</summary>
internal static class SessionColumns
{
    /// <summary>The list of columns for SELECT and INSERT.</summary>
    public const string All =
        "id, user_id, generation, parent, salt, key_id, stamp, created_at, refreshed_at, idle_expires_at, expires_at, revoked_at, revoked_reason, " +
        "authenticated_at, methods, user_agent, ip_address, label";

    /// <summary>The parameters of an INSERT, in the same order.</summary>
    public const string AllParameters =
        "@id, @user_id, @generation, @parent, @salt, @key_id, @stamp, @created_at, @refreshed_at, @idle_expires_at, @expires_at, @revoked_at, " +
        "@revoked_reason, @authenticated_at, @methods, @user_agent, @ip_address, @label";

    /// <summary>Reads one row.</summary>
    public static Session Read(DbDataReader reader) => new(salt: reader.GetBytes(4), stamp: reader.GetBytes(6), ReadState(reader))
    {
        Id = reader.GetGuid(0),
        UserId = reader.GetString(1),
        CreatedAt = reader.GetInstant(7),
        ExpiresAt = reader.GetInstant(10),
        AuthenticatedAt = reader.GetInstant(13),
        Methods = reader.GetString(14).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        UserAgent = reader.FindString(15),
        IpAddress = reader.FindString(16),
        Label = reader.FindString(17),
    };

    private static SessionState ReadState(DbDataReader reader) => new(
        Generation: reader.GetInt32(2),
        Parent: reader.FindInt32(3),
        KeyId: reader.GetString(5),
        RefreshedAt: reader.FindInstant(8),
        IdleExpiresAt: reader.GetInstant(9),
        RevokedAt: reader.FindInstant(11),
        RevokedReason: reader.FindInt32(12) is { } reason ? (RevocationReason)reason : null);
}
