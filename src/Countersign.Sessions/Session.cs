using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <summary>One login of one account: a single row for as long as the session lives, however often it is refreshed.</summary>
/// <remarks>
/// No token and no hash of a token is in it. A refresh token is made from the row whenever one is answered, so that every node answers the same bytes.
/// </remarks>
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

    /// <summary>The session's id (UUID v7), the claim <c>sid</c> of its tokens.</summary>
    public required Guid Id { get; init; }

    /// <summary>The account's id, the claim <c>sub</c> of its tokens.</summary>
    public required string UserId { get; init; }

    /// <summary>16 random bytes that enter the claim <c>chk</c>: a refresh token can't be forged without the row, whoever holds the refresh key.</summary>
    internal ReadOnlyMemory<byte> Salt { get; }

    /// <summary>The first 16 bytes of SHA-256 over the account's security stamp at login. A refresh refuses when the account's has moved.</summary>
    internal ReadOnlyMemory<byte> Stamp { get; }

    /// <summary>When the session began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The absolute expiry: no refresh moves it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the account last proved who it is, the claim <c>auth_time</c>. No refresh moves it.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>How it proved that: values of RFC 8176, the claim <c>amr</c>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>The instant of the last refresh; null until the first one.</summary>
    public DateTimeOffset? RefreshedAt => State.RefreshedAt;

    /// <summary>When the session ends if it is not refreshed; never after <see cref="ExpiresAt"/>.</summary>
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

    /// <summary>A name for a person to know the session by; null if none was given.</summary>
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

    /// <summary>Whether the session can still be used: neither revoked nor past one of its expiries.</summary>
    /// <param name="now">The instant asked about.</param>
    public bool IsLive(DateTimeOffset now) => State.RevokedAt is null && now < State.IdleExpiresAt && now < ExpiresAt;

    /// <summary>The id alone: salt and stamp must not be printed.</summary>
    public override string ToString() => $"Session {Id}";
}
