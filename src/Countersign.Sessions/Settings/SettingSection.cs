using Countersign.Tokens.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Settings;

/// <summary>One options class, with its place in the configuration and its check.</summary>
/// <param name="name">The full name of the section: <c>Auth:Sessions</c>.</param>
/// <param name="check">Finds all faults of the options.</param>
internal sealed class SettingSection<TOptions>(string name, Func<TOptions, SettingContext, IEnumerable<SettingFault>> check)
    where TOptions : class
{
    /// <summary>The full name of the section.</summary>
    public string Name => name;

    /// <summary>Finds all faults of the options.</summary>
    public IEnumerable<SettingFault> Check(TOptions options, SettingContext context) => check(options, context);

    /// <summary>Registers the options. Their first use fails with all their faults.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddOptions<TOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, Validator>(provider => new Validator(this, provider)));
    }

    private sealed class Validator(SettingSection<TOptions> section, IServiceProvider services) : IValidateOptions<TOptions>
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var context = new SettingContext(services.GetService<IHostEnvironment>(), FindTokens());
            List<string> faults = [.. section.Check(options, context).Select(static fault => fault.ToString())];
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private CountersignTokenOptions? FindTokens()
        {
            if (typeof(TOptions) == typeof(CountersignTokenOptions))
            {
                return null;
            }

            try
            {
                return services.GetRequiredService<IOptions<CountersignTokenOptions>>().Value;
            }
            catch (OptionsValidationException)
            {
                // These faults are reported for their own section.
                return null;
            }
        }
    }
}
