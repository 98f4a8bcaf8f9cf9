using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The figures of a key's life, made once from the options.</summary>
internal sealed record KeySettings
{
    /// <summary>What a stock <c>AddJwtBearer</c> needs: it reads keys every 12 hours, and not at a request that it could not verify.</summary>
    public static readonly TimeSpan StockVerifierInterval = TimeSpan.FromHours(12);

    /// <summary>
    /// The longest that an access token may live (60 minutes, <c>TokenPolicy.MaxAccessLifetime</c>), however this node is configured, and 15 minutes more for
    /// clocks that differ.
    /// </summary>
    private static readonly TimeSpan AccessRetention = TimeSpan.FromMinutes(60 + 15);

    /// <summary>Every node reads the version of the keys each second; ten minutes also cover one that could not for a while.</summary>
    private static readonly TimeSpan RefreshLead = TimeSpan.FromMinutes(10);

    /// <summary>Five minutes: how long a copy of the key set may be kept, where the lead leaves time for it.</summary>
    private static readonly TimeSpan LongestCache = TimeSpan.FromMinutes(5);

    /// <summary>The algorithm of new signing keys.</summary>
    public required SignatureAlgorithm Algorithm { get; init; }

    /// <summary>See <see cref="CountersignKeyRotationOptions.RotationPeriod"/>.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>See <see cref="CountersignKeyRotationOptions.PublicationLead"/>.</summary>
    public required TimeSpan Lead { get; init; }

    /// <summary>See <see cref="CountersignSessionOptions.AbsoluteLifetime"/>.</summary>
    public required TimeSpan AbsoluteLifetime { get; init; }

    /// <summary>
    /// For how long a copy of the published keys may be kept: short against the lead, so that who keeps one that long still learns of a key in time.
    /// </summary>
    public TimeSpan PublishedMaxAge => Lead / 4 < LongestCache ? Lead / 4 : LongestCache;

    /// <summary>Makes the settings.</summary>
    public static KeySettings From(CountersignTokenOptions tokens, CountersignKeyRotationOptions keys, CountersignSessionOptions sessions) => new()
    {
        Algorithm = SignatureAlgorithm.Find(tokens.Algorithm ?? SignatureAlgorithm.ES256.Name)!,
        Period = keys.RotationPeriod,
        Lead = keys.PublicationLead,
        AbsoluteLifetime = sessions.AbsoluteLifetime,
    };

    /// <summary>For how long a next key must have been in the table before it signs.</summary>
    public TimeSpan LeadOf(KeyUse use) => use == KeyUse.AccessToken ? Lead : RefreshLead;

    /// <summary>
    /// For how long a key stays after it has signed for the last time. A signing key: until nothing that it signed can be accepted any more. A refresh key:
    /// until every session that it has signed for is over, however long ago its own tokens expired, since an expired token that was left behind still shows
    /// that its session was stolen.
    /// </summary>
    public TimeSpan RetentionOf(KeyUse use) => use == KeyUse.AccessToken ? AccessRetention : AbsoluteLifetime + TimeSpan.FromDays(1);

    /// <summary>The algorithm of a new key.</summary>
    public SignatureAlgorithm AlgorithmOf(KeyUse use) => use == KeyUse.AccessToken ? Algorithm : SignatureAlgorithm.HS256;
}
