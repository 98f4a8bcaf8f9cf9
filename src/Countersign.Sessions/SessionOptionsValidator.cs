using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>What the lifetimes must be to each other. Their ranges are on the properties.</summary>
internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        List<string> faults = [];
        if (options.IdleLifetime > options.AbsoluteLifetime)
        {
            faults.Add("Auth:Sessions:IdleLifetime is longer than Auth:Sessions:AbsoluteLifetime, which ends every session.");
        }

        if (options.AccessTokenLifetime > options.IdleLifetime)
        {
            faults.Add("Auth:Sessions:AccessTokenLifetime is longer than Auth:Sessions:IdleLifetime: the session would end before its first refresh.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
