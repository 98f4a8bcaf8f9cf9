using System.Collections.Frozen;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Tests.Rotation;

/// <summary>One refresh, in which everything is in order until a test changes it: generation 5 of parent 4, refreshed half an hour ago.</summary>
internal sealed class RotationScene
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("0195c0de-0000-7000-8000-00000000beef");

    public const string OldKey = "refresh-key-old";
    public const string CurrentKey = "refresh-key-current";

    /// <summary>Both keys can sign: the one of the row is retired.</summary>
    public static RotationKeys Keys { get; } = new(CurrentKey, FrozenSet.Create(StringComparer.Ordinal, OldKey, CurrentKey));

    /// <summary>The key of the row can't sign any more.</summary>
    public static RotationKeys KeysWithoutTheOld { get; } = new(CurrentKey, FrozenSet.Create(StringComparer.Ordinal, CurrentKey));

    public RotationPolicy Policy { get; set; } = new();

    public SessionState State { get; set; } = new(5, 4, OldKey, Now - TimeSpan.FromMinutes(30), Now + TimeSpan.FromDays(5));

    public DateTimeOffset ExpiresAt { get; set; } = Now + TimeSpan.FromDays(60);

    public int Generation { get; set; } = 5;

    public int? Parent { get; set; } = 4;

    public DateTimeOffset Arrival { get; set; } = Now;

    public DateTimeOffset IssuedAt { get; set; } = Now - TimeSpan.FromMinutes(30);

    public DateTimeOffset TokenExpiresAt { get; set; } = Now + TimeSpan.FromDays(5);

    public string Subject { get; set; } = "user-1";

    public Guid TokenSessionId { get; set; } = Id;

    public bool HasRow { get; set; } = true;

    public bool CheckFits { get; set; } = true;

    public AccountFacts? Account { get; set; } = MakeAccount();

    public RevocationReason? Revoked { get; set; }

    public Session Row => new(MakeBytes(16, 1), MakeBytes(16, 2), State)
    {
        Id = Id,
        UserId = "user-1",
        CreatedAt = Now - TimeSpan.FromDays(10),
        ExpiresAt = ExpiresAt,
        AuthenticatedAt = Now - TimeSpan.FromDays(10),
        Methods = ["pwd"],
    };

    public static AccountFacts MakeAccount(bool isActive = true, byte stamp = 2, string userId = "user-1") =>
        new() { UserId = userId, IsActive = isActive, Stamp = MakeBytes(16, stamp), Roles = [] };

    public RotationDecision Decide(RotationKeys? keys = null)
    {
        var check = new byte[RefreshTokenMac.Bytes];
        RefreshTokenMac.Write(Row, Generation, check);
        check[15] ^= (byte)(CheckFits ? 0 : 1);
        var token = new RefreshTokenClaims(TokenSessionId, Subject, Generation, Parent, check, IssuedAt, TokenExpiresAt);
        return RotationRule.Decide(HasRow ? Row : null, Account, token, Arrival, Now, keys ?? Keys, Revoked, Policy);
    }

    /// <summary>Sets the row's age by its <c>RefreshedAt</c>; null is a session that was never refreshed.</summary>
    public RotationScene Aged(TimeSpan? age)
    {
        State = State with { RefreshedAt = Now - age };
        return this;
    }

    private static byte[] MakeBytes(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
