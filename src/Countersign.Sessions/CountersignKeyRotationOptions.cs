using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>When signing keys are replaced by themselves. A shared secret is replaced by whoever configures it.</summary>
public sealed class CountersignKeyRotationOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignTokenOptions.SectionName}:Keys";

    /// <summary>For how long a key signs before the next one takes its place: 1 hour to 3650 days, 90 days by default.</summary>
    public TimeSpan RotationPeriod { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// For how long the next signing key must have been published before it signs: 1 minute to 30 days, 25 hours by default. A stock <c>AddJwtBearer</c> reads
    /// keys every 12 hours and refuses the request that brings it a newer one: with less than that, every service that verifies tokens must read more often.
    /// </summary>
    public TimeSpan PublicationLead { get; set; } = TimeSpan.FromHours(25);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(RotationPeriod), RotationPeriod, TimeSpan.FromHours(1), TimeSpan.FromDays(3650));
        check.Range(nameof(PublicationLead), PublicationLead, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));

        // No key would be old enough when its turn comes.
        check.NotLonger(nameof(PublicationLead), PublicationLead, nameof(RotationPeriod), RotationPeriod);
        return check.Faults;
    }
}
