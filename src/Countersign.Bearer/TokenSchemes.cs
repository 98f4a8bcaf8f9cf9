using Microsoft.AspNetCore.Authentication;

namespace Countersign.Bearer;

/// <summary>The rule by which a scheme counts as one that accepts Countersign's tokens.</summary>
internal static class TokenSchemes
{
    /// <summary>Whether a policy with these schemes may accept a token.</summary>
    /// <param name="schemes">The app's schemes.</param>
    /// <param name="named">The schemes that the policy names; empty for the default scheme.</param>
    public static async Task<bool> MayAcceptAsync(IAuthenticationSchemeProvider schemes, IReadOnlyList<string> named)
    {
        if (named.Count == 0)
        {
            return await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false) is { } chosen && MayAccept(chosen);
        }

        foreach (var name in named)
        {
            if (await schemes.GetSchemeAsync(name).ConfigureAwait(false) is { } scheme && MayAccept(scheme))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A policy scheme of the app forwards by code, so what it accepts can't be told.</summary>
    private static bool MayAccept(AuthenticationScheme scheme) =>
        scheme.HandlerType == typeof(BearerHandler) || scheme.HandlerType == typeof(DefaultSchemeHandler) || scheme.HandlerType == typeof(PolicySchemeHandler);
}
