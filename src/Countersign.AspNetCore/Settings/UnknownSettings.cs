using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>
/// Finds misspelt keys. Below a section of Countersign's they stop the host; beside those sections they are a warning, since an app may have keys of its own
/// under <c>Auth</c>.
/// </summary>
internal sealed class UnknownSettings(IServiceProvider services, KnownSettings known, ILogger<UnknownSettings> logger) : IValidateOptions<CountersignOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CountersignOptions options)
    {
        List<string> faults = [];
        foreach (var key in known.FindUnknown(services.GetService<IConfiguration>()))
        {
            var nearest = known.Nearest(key);
            if (known.IsInSection(key))
            {
                faults.Add($"{key} is not a setting of Countersign. Did you mean {nearest}? Correct the name, or remove it.");
            }
            else
            {
                SettingsLog.Unknown(logger, key, nearest);
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
