using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>Asks an authority for its keys: metadata first, unless the set's address is configured, then the JWK Set.</summary>
internal sealed class AuthorityDocuments(AuthoritySettings settings, Backchannel backchannel, TimeProvider time)
{
    /// <summary>Asks. Both documents are read each time: they are small, and an address that has moved is seen with the keys that moved.</summary>
    /// <param name="pastCaches">Whether caches on the way shall ask the authority itself.</param>
    /// <param name="stopping">Ends the asking; its result is then a fault like any other.</param>
    public async Task<KeyFetch> FetchAsync(bool pastCaches, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            // A handler of the app's may not listen to cancellation, or hold the thread that it is called on.
            return await Task.Run(() => AskAsync(pastCaches, either.Token), either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return KeyFetch.Bad(FormattableString.Invariant($"no answer within {settings.Timeout.TotalSeconds} seconds"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return KeyFetch.Bad(exception.Message);
        }
    }

    private async Task<KeyFetch> AskAsync(bool pastCaches, CancellationToken cancellationToken)
    {
        var (jwksUri, fault) = settings.JwksUri is { } configured
            ? (configured, null)
            : await FindJwksUriAsync(pastCaches, cancellationToken).ConfigureAwait(false);
        return jwksUri is null ? KeyFetch.Bad(fault!) : await ReadKeysAsync(jwksUri, pastCaches, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(Uri? JwksUri, string? Fault)> FindJwksUriAsync(bool pastCaches, CancellationToken cancellationToken)
    {
        BackchannelAnswer answer = default;
        foreach (var address in settings.MetadataAddresses)
        {
            answer = await backchannel.ReadAsync(address, pastCaches, cancellationToken).ConfigureAwait(false);
            if (!answer.IsNotFound)
            {
                break;
            }
        }

        if (answer.Fault is not null)
        {
            return (null, answer.Fault);
        }

        var fault = AuthorityMetadata.ReadJwksUri(answer.Body, settings, out var jwksUri);
        return (jwksUri, fault);
    }

    private async Task<KeyFetch> ReadKeysAsync(Uri jwksUri, bool pastCaches, CancellationToken cancellationToken)
    {
        var answer = await backchannel.ReadAsync(jwksUri, pastCaches, cancellationToken).ConfigureAwait(false);
        if (answer.Fault is { } fault)
        {
            return KeyFetch.Bad(fault);
        }

        return JsonWebKeySet.TryRead(answer.Body.Span, out var keys, out fault)
            ? KeyFetch.Good(keys, answer.Freshness)
            : KeyFetch.Bad($"the keys of {jwksUri.AbsoluteUri} are refused: {fault}");
    }
}
