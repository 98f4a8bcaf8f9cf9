using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>What the figures of rotation must be.</summary>
internal sealed class RefreshOptionsValidator : IValidateOptions<RefreshOptions>
{
    private const string Section = $"{TokenOptions.SectionName}:{RefreshOptions.SectionName}";

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, RefreshOptions options)
    {
        List<string> faults = [];
        OptionRange.Check($"{Section}:{nameof(options.Grace)}", options.Grace, TimeSpan.Zero, TimeSpan.FromMinutes(5), faults);
        OptionRange.Check($"{Section}:{nameof(options.LostAnswerWindow)}", options.LostAnswerWindow, TimeSpan.Zero, TimeSpan.FromDays(7), faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
