using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer;

/// <summary>
/// Says at the start if <c>[Authorize]</c> does not accept Countersign's tokens, because the app has chosen another default. Otherwise clients with a good
/// token get the other scheme's refusal, which says nothing about it.
/// </summary>
/// <remarks>The schemes are made in <see cref="StartAsync"/>, because the host checks all settings before it, so that every fault is reported.</remarks>
internal sealed class DefaultSchemeStartup(
    IServiceProvider services, IOptions<AuthorizationOptions> authorization, ILogger<DefaultSchemeStartup> logger) : IHostedService
{
    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The app asked for two schemes as its default.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var schemes = services.GetRequiredService<IAuthenticationSchemeProvider>();
        IReadOnlyList<string> named = authorization.Value.DefaultPolicy.AuthenticationSchemes;
        if (await TokenSchemes.MayAcceptAsync(schemes, named).ConfigureAwait(false))
        {
            return;
        }

        if (named.Count > 0)
        {
            Log.DefaultPolicyOfOthers(logger, string.Join(", ", named));
        }
        else if (await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false) is { } chosen)
        {
            Log.DefaultSchemeOfOthers(logger, chosen.Name);
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
