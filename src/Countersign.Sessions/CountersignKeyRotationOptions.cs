using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>When the service replaces its signing keys. It does not replace a shared secret; the operator does that in the configuration.</summary>
public sealed class CountersignKeyRotationOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignTokenOptions.SectionName}:Keys";

    /// <summary>How long a key signs before the next key replaces it: 1 hour to 3650 days, 90 days by default.</summary>
    // Enforced by KeyPlan.RotateDue.
    public TimeSpan RotationPeriod { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long the next signing key must be published before it signs: 1 minute to 30 days, 25 hours by default. A stock <c>AddJwtBearer</c> reads keys every
    /// 12 hours, and refuses the request in which it first sees a newer key. With a shorter lead, every service that verifies tokens must read the keys more
    /// often.
    /// </summary>
    // Enforced by KeyPlan.RotateDue, and by the max-age of the published keys (KeySettings).
    public TimeSpan PublicationLead { get; set; } = TimeSpan.FromHours(25);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(RotationPeriod), RotationPeriod, TimeSpan.FromHours(1), TimeSpan.FromDays(3650));
        check.Range(nameof(PublicationLead), PublicationLead, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));

        // Otherwise the next key would never be old enough in time.
        check.NotLonger(nameof(PublicationLead), PublicationLead, nameof(RotationPeriod), RotationPeriod);
        return check.Faults;
    }
}
