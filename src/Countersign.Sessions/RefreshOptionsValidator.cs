using Countersign.Sessions.Rotation;
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
        CheckRestore(options, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckRestore(RefreshOptions options, List<string> faults)
    {
        if (!Enum.IsDefined(options.AfterRestore))
        {
            faults.Add($"{Section}:{nameof(options.AfterRestore)} is neither {nameof(AfterRestore.Refuse)} nor {nameof(AfterRestore.Accept)}.");
        }

        if (options.AfterRestore != AfterRestore.Accept)
        {
            return;
        }

        if (options.RestorePoint is not { } point || options.AcceptUntil is not { } until)
        {
            faults.Add(
                $"{Section}:{nameof(options.AfterRestore)} is {nameof(AfterRestore.Accept)}, which needs {nameof(options.RestorePoint)} (the instant of the backup) "
                + $"and {nameof(options.AcceptUntil)} (when it ends).");
        }
        else if (until <= point || until - point > RestoreWindow.Longest)
        {
            faults.Add($"{Section}:{nameof(options.AcceptUntil)} must be later than {nameof(options.RestorePoint)}, by {RestoreWindow.Longest.Days} days at most.");
        }
    }
}
