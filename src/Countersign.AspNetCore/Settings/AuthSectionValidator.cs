using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>
/// Finds values that can't be read, and misspelt keys. A misspelt key in a section of Countersign stops the host. Elsewhere under <c>Auth</c> it is only a
/// warning, because an app may have its own keys there.
/// </summary>
internal sealed class AuthSectionValidator(IServiceProvider services, KnownSettings known, ILogger<AuthSectionValidator> logger)
    : IValidateOptions<AuthSectionValidator.Section>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, Section options)
    {
        List<string> faults = [];
        foreach (var (key, value) in KnownSettings.Values(services.GetService<IConfiguration>()))
        {
            if (known.Find(key) is { } setting)
            {
                if (setting.Check(value) is { } fault)
                {
                    faults.Add($"{key} {fault.Problem}. {fault.Remedy}");
                }
            }
            else if (RenamedSettings.Find(key) is { } renamed)
            {
                faults.Add(renamed.ToString());
            }
            else if (known.IsInSection(key))
            {
                faults.Add($"{key} is not a setting of Countersign. Did you mean {known.Nearest(key)}? Correct the name, or remove it.");
            }
            else
            {
                SettingsLog.Unknown(logger, key, known.Nearest(key));
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>
    /// The options type for the section as a whole, without values. Mapping the routes reads the other options classes before the start. No service reads this
    /// one, so its faults are reported together with theirs.
    /// </summary>
    internal sealed class Section;
}
