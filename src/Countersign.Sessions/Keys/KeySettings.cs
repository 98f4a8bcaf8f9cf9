using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The times and the algorithm of keys, made once from the options.</summary>
internal sealed record KeySettings
{
    /// <summary>The interval of a stock <c>AddJwtBearer</c>. It reads keys every 12 hours, and not in a request that it could not verify.</summary>
    public static readonly TimeSpan StockVerifierInterval = TimeSpan.FromHours(12);

    /// <summary>
    /// The longest lifetime of an access token (60 minutes, <c>TokenPolicy.MaxAccessLifetime</c>, also if this node has a shorter one), and 15 minutes more for
    /// clock differences.
    /// </summary>
    private static readonly TimeSpan AccessRetention = TimeSpan.FromMinutes(60 + 15);

    /// <summary>Every node reads the version of the keys each second. Ten minutes are enough for a node that could not read for a while.</summary>
    private static readonly TimeSpan RefreshLead = TimeSpan.FromMinutes(10);

    /// <summary>Five minutes: how long a copy of the key set may be cached, if the lead is long enough.</summary>
    private static readonly TimeSpan LongestCache = TimeSpan.FromMinutes(5);

    /// <summary>The algorithm of new signing keys.</summary>
    public required SignatureAlgorithm Algorithm { get; init; }

    /// <summary>See <see cref="CountersignKeyRotationOptions.RotationPeriod"/>.</summary>
    public required TimeSpan RotationPeriod { get; init; }

    /// <summary>See <see cref="CountersignKeyRotationOptions.PublicationLead"/>.</summary>
    public required TimeSpan PublicationLead { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.AbsoluteLifetime"/>.</summary>
    public required TimeSpan AbsoluteLifetime { get; init; }

    /// <summary>
    /// How long a copy of the published keys may be cached: the <c>max-age</c> of the JWKS response. It is short compared with the lead, so that a reader with
    /// such a cache still sees a new key in time.
    /// </summary>
    public TimeSpan PublishedMaxAge => PublicationLead / 4 < LongestCache ? PublicationLead / 4 : LongestCache;

    public static KeySettings From(CountersignTokenOptions tokens, CountersignKeyRotationOptions keys, CountersignSessionOptions sessions) => new()
    {
        Algorithm = SignatureAlgorithm.Find(tokens.Algorithm ?? SignatureAlgorithm.ES256.Name)!,
        RotationPeriod = keys.RotationPeriod,
        PublicationLead = keys.PublicationLead,
        AbsoluteLifetime = sessions.AbsoluteLifetime,
    };

    /// <summary>How long a next key must be in the table before it signs.</summary>
    public TimeSpan LeadOf(KeyUse use) => use == KeyUse.AccessToken ? PublicationLead : RefreshLead;

    /// <summary>
    /// How long a key is kept after it has signed for the last time. A signing key is kept until none of its tokens can be accepted any more. A refresh key is
    /// kept until all sessions for which it signed have ended, even if its own tokens expired long ago: an old, replaced token still shows that its session was
    /// stolen.
    /// </summary>
    public TimeSpan RetentionOf(KeyUse use) => use == KeyUse.AccessToken ? AccessRetention : AbsoluteLifetime + TimeSpan.FromDays(1);

    public SignatureAlgorithm AlgorithmOf(KeyUse use) => use == KeyUse.AccessToken ? Algorithm : SignatureAlgorithm.HS256;
}
