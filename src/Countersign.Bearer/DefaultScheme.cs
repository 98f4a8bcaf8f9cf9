using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>Makes <see cref="CountersignBearerDefaults.AuthenticationScheme"/> the default scheme, unless the app has one of its own.</summary>
internal sealed class DefaultScheme : IPostConfigureOptions<AuthenticationOptions>
{
    /// <inheritdoc />
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        string?[] chosen =
        [
            options.DefaultScheme, options.DefaultAuthenticateScheme, options.DefaultChallengeScheme,
            options.DefaultForbidScheme, options.DefaultSignInScheme, options.DefaultSignOutScheme,
        ];
        if (Array.Exists(chosen, static scheme => scheme is not null) || !options.SchemeMap.ContainsKey(CountersignBearerDefaults.AuthenticationScheme))
        {
            return;
        }

        // A single scheme is the default without being named (the platform's rule since .NET 7). The app's own must stay that when ours come second.
        var others = options.Schemes.Where(static scheme => scheme.HandlerType != typeof(BearerHandler)).Take(2).ToList();
        options.DefaultScheme = others is [var only] ? only.Name : CountersignBearerDefaults.AuthenticationScheme;
    }
}
