using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>Stops the host if a scheme's options have faults. All faults are reported at once.</summary>
internal sealed class CountersignBearerOptionsValidator(IHostEnvironment environment) : IValidateOptions<CountersignBearerOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CountersignBearerOptions options)
    {
        var found = options.Check(name ?? CountersignBearerDefaults.AuthenticationScheme, environment.IsDevelopment());
        List<string> faults = [.. found.Select(static fault => fault.ToString())];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
