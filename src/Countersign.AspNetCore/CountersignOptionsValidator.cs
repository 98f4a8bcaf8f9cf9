using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore;

/// <summary>What the prefix must look like, so that routes and links built from it are what they seem, and which ways to sign up there are.</summary>
internal sealed class CountersignOptionsValidator : IValidateOptions<CountersignOptions>
{
    private const int MaxPrefixLength = 128;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CountersignOptions options)
    {
        List<string> faults = [];
        if (options.ApiPrefix is not { Length: <= MaxPrefixLength } prefix || (prefix.Length > 0 && !IsPrefix(prefix)))
        {
            faults.Add("Auth:ApiPrefix (API_V1_PREFIX) must be empty, or begin with a slash, end without one and hold only letters, digits, '-', '_', '.' and '~', such as /api/v1.");
        }

        if (!Enum.IsDefined(options.Registration))
        {
            faults.Add("Auth:Registration must be Closed or Open.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // The unreserved characters of RFC 3986 §2.3: nothing that a route template or a URL reads as more than itself.
    private static bool IsPrefix(string prefix) =>
        prefix[0] == '/'
        && prefix[1..].Split('/').All(static segment => segment.Length > 0
            && segment is not ("." or "..")
            && segment.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~'));
}
