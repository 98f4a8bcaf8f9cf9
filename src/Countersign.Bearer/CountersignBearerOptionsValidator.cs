using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>Stops the host where a scheme's options have faults, all at once.</summary>
internal sealed class CountersignBearerOptionsValidator(IHostEnvironment environment) : IValidateOptions<CountersignBearerOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CountersignBearerOptions options)
    {
        List<string> faults = [.. options.Check(name ?? CountersignBearerDefaults.AuthenticationScheme, environment.IsDevelopment()).Select(static fault => fault.ToString())];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
