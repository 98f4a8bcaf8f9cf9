using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Keys;

/// <summary>
/// Logs the signing mode before anything is loaded. It stops the start if the database was used in the other mode. Otherwise a variable for another process
/// could by accident let everyone who knows its secret make tokens for all accounts.
/// </summary>
internal sealed class SigningModeStartup(
    IOptions<CountersignTokenOptions> options, IKeyStore store, SessionClock clock, ILogger<SigningModeStartup> logger) : IHostedService
{
    private const string Changed = "signing_mode_changed";

    /// <inheritdoc />
    /// <exception cref="OptionsValidationException">
    /// The database was used in the other mode, and <see cref="CountersignTokenOptions.Mode"/> does not confirm the change.
    /// </exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var tokens = options.Value;
        var mode = SigningModes.Of(tokens.SecretKey is not null);
        var words = SigningModes.Describe(mode, tokens.Algorithm);
        Log.SigningMode(logger, words);
        WarnOfWeak(tokens.SecretKey, $"{CountersignTokenOptions.SectionName}:{nameof(CountersignTokenOptions.SecretKey)}");
        WarnOfWeak(tokens.PreviousSecretKey, $"{CountersignTokenOptions.SectionName}:{nameof(CountersignTokenOptions.PreviousSecretKey)}");

        var now = clock.Now;
        var change = tokens.Mode == mode
            ? new SecurityEvent(Guid.CreateVersion7(now), now, Changed, UserId: null, SessionId: null, IpAddress: null, mode.ToString())
            : null;
        if (!await store.TryEnterModeAsync(mode, change, cancellationToken).ConfigureAwait(false))
        {
            throw new OptionsValidationException(string.Empty, typeof(CountersignTokenOptions), [SigningModes.OtherMode(mode)]);
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WarnOfWeak(string? secret, string key)
    {
        if (secret is not null && SharedSecretRules.FindWeakness(secret) is { } weakness)
        {
            Log.WeakSecret(logger, key, weakness);
        }
    }
}
