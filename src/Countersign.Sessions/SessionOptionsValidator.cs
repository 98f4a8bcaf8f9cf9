using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>What the lifetimes must be, each by itself and to each other.</summary>
internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    private const string Section = $"{TokenOptions.SectionName}:{SessionOptions.SectionName}";

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        List<string> faults = [];
        OptionRange.Check($"{Section}:{nameof(options.AccessTokenLifetime)}", options.AccessTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60), faults);
        OptionRange.Check($"{Section}:{nameof(options.IdleLifetime)}", options.IdleLifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(365), faults);
        OptionRange.Check($"{Section}:{nameof(options.AbsoluteLifetime)}", options.AbsoluteLifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(3650), faults);
        OptionRange.Check($"{Section}:{nameof(options.MaxPerUser)}", options.MaxPerUser, 1, 1000, faults);
        if (!Enum.IsDefined(options.WhenStale))
        {
            faults.Add($"{Section}:{nameof(options.WhenStale)} is neither {nameof(WhenStale.Accept)} nor {nameof(WhenStale.Refuse)}.");
        }

        if (options.IdleLifetime > options.AbsoluteLifetime)
        {
            faults.Add($"{Section}:{nameof(options.IdleLifetime)} is longer than {nameof(options.AbsoluteLifetime)}, which ends every session.");
        }

        if (options.AccessTokenLifetime > options.IdleLifetime)
        {
            faults.Add($"{Section}:{nameof(options.AccessTokenLifetime)} is longer than {nameof(options.IdleLifetime)}: the session would end before its first refresh.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
