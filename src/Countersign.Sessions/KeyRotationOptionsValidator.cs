using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>What the figures of key rotation must be, each by itself and to each other.</summary>
internal sealed class KeyRotationOptionsValidator : IValidateOptions<KeyRotationOptions>
{
    private const string Section = $"{TokenOptions.SectionName}:{KeyRotationOptions.SectionName}";

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, KeyRotationOptions options)
    {
        List<string> faults = [];
        OptionRange.Check($"{Section}:{nameof(options.Period)}", options.Period, TimeSpan.FromHours(1), TimeSpan.FromDays(3650), faults);
        OptionRange.Check($"{Section}:{nameof(options.Lead)}", options.Lead, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), faults);
        if (options.Lead > options.Period)
        {
            faults.Add($"{Section}:{nameof(options.Lead)} is longer than {nameof(options.Period)}: no key would be old enough when its turn comes.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
