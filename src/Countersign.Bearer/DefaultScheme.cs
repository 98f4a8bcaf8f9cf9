using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>Makes <see cref="CountersignBearerDefaults.AuthenticationScheme"/> the default scheme, unless the app has its own default.</summary>
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

        // If there is only one scheme, it is the default (a rule of the platform since .NET 7). The app's own scheme must stay the default after this package
        // adds one.
        var others = options.Schemes.Where(static scheme => scheme.HandlerType != typeof(BearerHandler)).Take(2).ToList();
        options.DefaultScheme = others is [var only] ? only.Name : CountersignBearerDefaults.AuthenticationScheme;
    }
}
