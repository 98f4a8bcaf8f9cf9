using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Bearer.Authority;

/// <summary>The scheme of a resource server. It checks tokens of one authority with the keys that the authority publishes.</summary>
internal sealed class AuthorityScheme : BearerScheme, IDisposable
{
    private readonly AuthoritySettings _settings;
    private readonly Backchannel _backchannel;
    private readonly TimeProvider _time;
    private readonly TokenValidator _validator;

    public AuthorityScheme(
        AuthoritySettings settings,
        BearerSettings bearer,
        Backchannel backchannel,
        TimeProvider time,
        VerifiedTokenCache? verified,
        ILogger<AuthorityKeys> logger)
        : base(bearer)
    {
        _settings = settings;
        _backchannel = backchannel;
        _time = time;
        Keys = new AuthorityKeys(settings, new AuthorityDocuments(settings, backchannel, time), time, logger);
        _validator = new TokenValidator(TokenPolicy.Strict(Keys.Ring, settings.Issuer, settings.Audience), time, revocations: null, verified);
    }

    /// <summary>The authority's keys.</summary>
    public AuthorityKeys Keys { get; }

    /// <inheritdoc />
    public override string? Issuer => _settings.Issuer;

    /// <inheritdoc />
    public override ValueTask<BearerDecision> DecideAsync(HttpContext context, ReadOnlyMemory<char> token)
    {
        var now = _time.GetUtcNow();
        Keys.Check(now);
        var seen = Keys.Ring.Current;
        return _validator.TryValidate(token.Span, out var claims, out var error, TokenType.Access, now) ? ValueTask.FromResult(BearerDecision.Accept(claims))
            : error is TokenError.UnknownKey or TokenError.NoKeys ? DecideLateAsync(token, error.Value, seen, context.RequestAborted)
            // A token that is too long is not read, not even for its issuer.
            : ValueTask.FromResult(BearerDecision.Refuse(BearerProblems.Of(error.Value), error == TokenError.TooLong ? TokenOrigin.Unknown : OriginOf(token)));
    }

    public void Dispose()
    {
        Keys.Dispose();
        _backchannel.Dispose();
    }

    /// <summary>Waits for newer keys, if the keys may have just changed, and checks the token with them.</summary>
    private async ValueTask<BearerDecision> DecideLateAsync(ReadOnlyMemory<char> token, TokenError error, KeySet seen, CancellationToken cancellationToken)
    {
        var origin = OriginOf(token);
        if (origin != TokenOrigin.Own)
        {
            // No key of this authority can make the token valid. Another scheme may know it, and its requests must not wait for this authority.
            return BearerDecision.Refuse(error == TokenError.UnknownKey ? BearerProblems.Of(error) : BearerProblems.Unavailable(Keys.RetryAfter), origin);
        }

        // A running renewal may have started before the key was published. So it does not count as the one renewal for this token.
        var isInTime = await WaitAsync(cancellationToken).ConfigureAwait(false);
        var decision = DecideAgain(token, ref error, ref seen);
        if (decision is null && isInTime)
        {
            RenewFor(error);
            isInTime = await WaitAsync(cancellationToken).ConfigureAwait(false);
            decision = DecideAgain(token, ref error, ref seen);
        }

        // While the authority can't be reached, it is not known whether the token is invalid.
        return decision
            ?? BearerDecision.Refuse(
                error == TokenError.UnknownKey && isInTime && !Keys.IsFailing ? BearerProblems.Of(error) : BearerProblems.Unavailable(Keys.RetryAfter),
                origin);
    }

    /// <summary>Checks a token again if the keys have changed.</summary>
    /// <returns>Null if the result is the same.</returns>
    private BearerDecision? DecideAgain(ReadOnlyMemory<char> token, ref TokenError error, ref KeySet seen)
    {
        var keys = Keys.Ring.Current;
        if (ReferenceEquals(keys, seen))
        {
            return null;
        }

        seen = keys;
        if (_validator.TryValidate(token.Span, out var claims, out var again))
        {
            return BearerDecision.Accept(claims);
        }

        error = again.Value;
        return error is TokenError.UnknownKey or TokenError.NoKeys ? null : BearerDecision.Refuse(BearerProblems.Of(error), OriginOf(token));
    }

    private void RenewFor(TokenError error)
    {
        var now = KeyMoment.Now(_time);
        if (error == TokenError.NoKeys)
        {
            Keys.RenewIfDue(now);
        }

        // An authority that has published no keys may publish one at any time. An authority that can't be reached is asked again after the pause.
        if (error == TokenError.UnknownKey || !Keys.IsFailing)
        {
            Keys.RenewForUnknownKey(now);
        }
    }

    /// <summary>Waits for the running renewal, if there is one.</summary>
    /// <returns>False if it took too long, or if the client has disconnected.</returns>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (Keys.Renewal is not { } renewal)
        {
            return true;
        }

        try
        {
            await renewal.WaitAsync(_settings.Timeout, _time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private TokenOrigin OriginOf(ReadOnlyMemory<char> token) =>
        UnverifiedIssuer.Of(token.Span, _settings.Issuer) == TokenOrigin.Own ? TokenOrigin.Own : TokenOrigin.Foreign;
}
