using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.SignIn;

/// <summary>What the blocks must be to each other. Their ranges are on the properties.</summary>
internal sealed class GuessingOptionsValidator : IValidateOptions<GuessingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GuessingOptions options) =>
        options.FirstBlock <= options.LongestBlock
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Auth:Guessing:FirstBlock is longer than Auth:Guessing:LongestBlock: shorten the one, or lengthen the other.");
}
