using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Cleanup;

/// <summary>What the retentions must be.</summary>
internal sealed class CleanupOptionsValidator : IValidateOptions<CleanupOptions>
{
    private const string Section = $"{TokenOptions.SectionName}:{CleanupOptions.SectionName}";

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CleanupOptions options)
    {
        List<string> faults = [];
        OptionRange.Check($"{Section}:{nameof(options.SessionRetention)}", options.SessionRetention, TimeSpan.Zero, TimeSpan.FromDays(365), faults);
        if (options.EventRetention != TimeSpan.Zero)
        {
            OptionRange.Check($"{Section}:{nameof(options.EventRetention)}", options.EventRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650), faults);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
