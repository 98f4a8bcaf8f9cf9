using Countersign.Tokens;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Testing;

/// <summary>
/// An access token as a test wants it: of an account that need not exist, with any roles and claims, and of any age. It is signed like every other one, and no
/// session stands behind it: a refresh or a logout needs a real one, see <c>AuthenticateAsync</c>.
/// </summary>
public sealed class TestAccessToken
{
    /// <summary>The account: the claim <c>sub</c>.</summary>
    public required string UserId { get; init; }

    /// <summary>The claim <c>roles</c>; none by default.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Further claims; none by default. Names that Countersign writes itself are refused.</summary>
    public IReadOnlyDictionary<string, ClaimValue> Claims { get; init; } = new Dictionary<string, ClaimValue>(StringComparer.Ordinal);

    /// <summary>How long it is good from its issue: 1 second or more, 5 minutes by default.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long ago it was issued: zero by default. More than <see cref="Lifetime"/> makes a token that has expired.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Whether it names a session, which does not exist: true by default. False makes a token that no route of Countersign accepts.</summary>
    public bool HasSession { get; init; } = true;

    /// <summary>The claim <c>aud</c>; null, the default, for the audience of the app. Another one makes a token that the app refuses.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim <c>amr</c>: how the account has logged in (RFC 8176 §2); a password by default.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["pwd"];

    /// <summary>Makes the token with the keys of an app that issues tokens itself.</summary>
    /// <param name="services">The services of the app under test. It must have started.</param>
    /// <exception cref="ArgumentException">The token is not allowed: for example a claim has a reserved name.</exception>
    /// <exception cref="InvalidOperationException">The app issues no tokens.</exception>
    public string Create(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var revocations = services.GetRequiredService<RevocationList>();
        var issuer = services.GetRequiredService<TokenIssuer>();
        var time = services.GetRequiredService<TimeProvider>();
        if (Audience is not null)
        {
            issuer = new TokenIssuer(services.GetRequiredService<TokenPolicy>().WithAudience(Audience), time);
        }

        return issuer.Create(Describe(time.GetUtcNow(), revocations.Epoch, revocations.StaleBefore));
    }

    /// <summary>Returns the type's name.</summary>
    public override string ToString() => nameof(TestAccessToken);

    /// <summary>Describes the token for the code that signs it.</summary>
    internal TokenDescriptor Describe(DateTimeOffset now, long epoch, long revision) => new()
    {
        Type = TokenType.Access,
        Subject = UserId,
        IssuedAt = now - Age,
        ExpiresAt = now - Age + Lifetime,
        TokenId = Guid.CreateVersion7(now).ToString("N"),
        SessionId = HasSession ? Guid.CreateVersion7(now) : null,
        AuthenticatedAt = now - Age,
        Methods = Methods,
        Roles = Roles,
        Epoch = epoch,
        Revision = revision,
        Claims = [.. Claims],
    };
}
