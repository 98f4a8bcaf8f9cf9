using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>Fetches an authority's keys. It reads the metadata first, unless the address of the JWK Set is configured.</summary>
internal sealed class AuthorityDocuments(AuthoritySettings settings, Backchannel backchannel, TimeProvider time)
{
    /// <summary>Reads both documents each time. They are small, and a changed address is seen together with the changed keys.</summary>
    /// <param name="pastCaches">Whether caches between this app and the authority must ask the authority.</param>
    /// <param name="stopping">Cancels the fetch. The result is then a fault like any other.</param>
    public async Task<KeyFetch> FetchAsync(bool pastCaches, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            // A handler of the app may ignore cancellation, or block the calling thread.
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
