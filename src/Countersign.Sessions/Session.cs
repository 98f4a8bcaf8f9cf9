using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <summary>One login of one account. It is one row during its whole life, and refreshes change that row.</summary>
/// <remarks>The row contains no token and no hash of a token. Each refresh token is made from the row, so that all nodes answer with the same bytes.</remarks>
public sealed class Session
{
    /// <summary>The length of <see cref="Salt"/> in bytes.</summary>
    internal const int SaltBytes = 16;

    /// <summary>The length of <see cref="Stamp"/> in bytes.</summary>
    internal const int StampBytes = 16;

    /// <param name="salt"><see cref="Salt"/>.</param>
    /// <param name="stamp"><see cref="Stamp"/>.</param>
    /// <param name="state"><see cref="State"/>.</param>
    internal Session(ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte> stamp, SessionState state)
    {
        Salt = salt;
        Stamp = stamp;
        State = state;
    }

    /// <summary>The session's id (UUID v7). It is the claim <c>sid</c> of the session's tokens.</summary>
    public required Guid Id { get; init; }

    /// <summary>The account's id. It is the claim <c>sub</c> of the session's tokens.</summary>
    public required string UserId { get; init; }

    /// <summary>
    /// 16 random bytes, from which the claim <c>chk</c> is computed. A person who has the refresh key still can't forge a refresh token without this row.
    /// </summary>
    internal ReadOnlyMemory<byte> Salt { get; }

    /// <summary>
    /// The first 16 bytes of SHA-256 over the account's security stamp at login. A refresh is refused if the account's stamp has changed since.
    /// </summary>
    internal ReadOnlyMemory<byte> Stamp { get; }

    /// <summary>When the session began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The absolute expiry. A refresh does not change it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the account last proved its identity. It is the claim <c>auth_time</c>. A refresh does not change it.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>How the account proved its identity: values of RFC 8176. It is the claim <c>amr</c>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>The time of the last refresh; null before the first one.</summary>
    public DateTimeOffset? RefreshedAt => State.RefreshedAt;

    /// <summary>When the session ends without a further refresh; never after <see cref="ExpiresAt"/>.</summary>
    public DateTimeOffset IdleExpiresAt => State.IdleExpiresAt;

    /// <summary>When the session was revoked; null if it was not.</summary>
    public DateTimeOffset? RevokedAt => State.RevokedAt;

    /// <summary>Why the session was revoked; null if it was not.</summary>
    public RevocationReason? RevokedReason => State.RevokedReason;

    /// <summary>The part that rotation and revocation change.</summary>
    internal SessionState State { get; }

    /// <summary>The <c>User-Agent</c> of the login, cut to 512 characters; null if none was sent.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The network address of the login; null if it is not known.</summary>
    public string? IpAddress { get; init; }

    /// <summary>A name by which a person recognizes the session; null if none was given.</summary>
    public string? Label { get; init; }

    /// <summary>The same session in another state.</summary>
    /// <param name="state">The state it moves to.</param>
    internal Session With(SessionState state) => new(Salt, Stamp, state)
    {
        Id = Id,
        UserId = UserId,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        AuthenticatedAt = AuthenticatedAt,
        Methods = Methods,
        UserAgent = UserAgent,
        IpAddress = IpAddress,
        Label = Label,
    };

    /// <summary>Whether the session can still be used: it is not revoked, and neither expiry has passed.</summary>
    /// <param name="now">The time for which the question is asked.</param>
    public bool IsLive(DateTimeOffset now) => State.RevokedAt is null && now < State.IdleExpiresAt && now < ExpiresAt;

    /// <summary>Returns the type's name and the id, and never the salt or the stamp.</summary>
    public override string ToString() => $"Session {Id}";
}
