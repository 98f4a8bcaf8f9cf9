using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Bearer.Authority;

/// <summary>The scheme of a resource server: tokens of one authority, checked with the keys that it publishes.</summary>
internal sealed class AuthorityScheme : BearerScheme, IDisposable
{
    private readonly AuthoritySettings _settings;
    private readonly Backchannel _backchannel;
    private readonly TimeProvider _time;
    private readonly TokenValidator _validator;

    public AuthorityScheme(AuthoritySettings settings, Backchannel backchannel, TimeProvider time, VerifiedTokenCache? verified, ILogger<AuthorityKeys> logger)
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
    public override ValueTask<BearerDecision> DecideAsync(HttpContext context, ReadOnlyMemory<char> token)
    {
        var now = _time.GetUtcNow();
        Keys.Check(now);
        var seen = Keys.Ring.Current;
        return _validator.TryValidate(token.Span, out var claims, out var error, TokenType.Access, now) ? ValueTask.FromResult(BearerDecision.Accept(claims))
            : error is TokenError.UnknownKey or TokenError.NoKeys ? DecideLateAsync(token, error.Value, seen, context.RequestAborted)
            // What is too long is not read, not even for whose it says it is.
            : ValueTask.FromResult(BearerDecision.Refuse(BearerProblems.Of(error.Value), error == TokenError.TooLong ? TokenOrigin.Unknown : OriginOf(token)));
    }

    public void Dispose()
    {
        Keys.Dispose();
        _backchannel.Dispose();
    }

    /// <summary>The keys may be those of a moment ago: waits for newer ones where they can be had, and checks the token with them.</summary>
    private async ValueTask<BearerDecision> DecideLateAsync(ReadOnlyMemory<char> token, TokenError error, KeySet seen, CancellationToken cancellationToken)
    {
        var origin = OriginOf(token);
        if (origin != TokenOrigin.Own)
        {
            // No key of this authority's could make it good. Another scheme may know it, and its requests must not wait for an authority that is not theirs.
            return BearerDecision.Refuse(error == TokenError.UnknownKey ? BearerProblems.Of(error) : BearerProblems.Unavailable(Keys.RetryAfter), origin);
        }

        // A renewal that is under way may have asked before the key was published, so it does not count as the one that this token may lead to.
        var isInTime = await WaitAsync(cancellationToken).ConfigureAwait(false);
        var decision = DecideAgain(token, ref error, ref seen);
        if (decision is null && isInTime)
        {
            RenewFor(error);
            isInTime = await WaitAsync(cancellationToken).ConfigureAwait(false);
            decision = DecideAgain(token, ref error, ref seen);
        }

        // While the authority can't be asked, nobody knows whether the token is bad.
        return decision
            ?? BearerDecision.Refuse(error == TokenError.UnknownKey && isInTime && !Keys.IsFailing ? BearerProblems.Of(error) : BearerProblems.Unavailable(Keys.RetryAfter), origin);
    }

    /// <summary>Checks a token once more if the keys are others by now.</summary>
    /// <returns>Null where that changes nothing.</returns>
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

        // An authority that has published no keys may publish one at any time; one that can't be reached is asked again when its pause is over.
        if (error == TokenError.UnknownKey || !Keys.IsFailing)
        {
            Keys.RenewForUnknownKey(now);
        }
    }

    /// <summary>Waits for the renewal that is under way, if there is one.</summary>
    /// <returns>False where it took too long, or the client has gone.</returns>
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
        UnverifiedIssuer.Is(token.Span, _settings.Issuer) ? TokenOrigin.Own : TokenOrigin.Foreign;
}
