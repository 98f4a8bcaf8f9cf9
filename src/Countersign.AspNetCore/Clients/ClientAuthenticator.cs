using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Clients;

/// <summary>
/// Authenticates the client that sends a request (RFC 6749 §2.3): by HTTP Basic, or by <c>client_id</c> and <c>client_secret</c> in the form, but never by
/// both.
/// </summary>
/// <param name="registry">The confidential clients.</param>
/// <param name="policy">The service's policy, which has the id of the public client.</param>
/// <param name="failures">Counts wrong secrets.</param>
internal sealed class ClientAuthenticator(ClientRegistry registry, TokenPolicy policy, ClientFailures failures)
{
    /// <summary>The name of the authentication method without a secret (RFC 7591 §2).</summary>
    public const string PublicMethod = "none";

    private readonly Client _public = Client.Public(policy.ClientId);

    /// <summary>The names of the authentication methods with a secret.</summary>
    public static IReadOnlyList<string> ConfidentialMethods { get; } = ["client_secret_basic", "client_secret_post"];

    /// <summary>Authenticates the client.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="form">The request's form.</param>
    /// <param name="network">The network that the request comes from: see <see cref="Limits.ClientAddress.Network"/>.</param>
    /// <param name="takesPublic">Whether the public client, which has no secret, is accepted too.</param>
    /// <param name="client">The client; null if it is refused.</param>
    /// <param name="problem">Why it is refused; null if it is not.</param>
    public bool TryAuthenticate(
        IHeaderDictionary headers,
        ClientTokenRequest form,
        string? network,
        bool takesPublic,
        [NotNullWhen(true)] out Client? client,
        [NotNullWhen(false)] out Problem? problem)
    {
        client = null;
        var authorization = headers.Authorization;
        problem = authorization.Count > 1 ? ClientProblems.AuthorizationRepeated
            : authorization.Count == 1 && form.ClientSecret is not null ? ClientProblems.AuthenticationRepeated
            : form.ClientSecret is not null && form.ClientId is null ? BodyProblems.MembersMissing(ClientTokenRequest.ClientIdMissing)
            : null;
        if (problem is null && authorization.Count == 1)
        {
            client = FindByHeader(authorization[0], form.ClientId, network, out problem);
        }
        else if (problem is null)
        {
            client = FindByForm(form, network, takesPublic, out problem);
        }

        problem ??= client is null ? ClientProblems.InvalidClient : null;
        return client is not null;
    }

    private Client? FindByHeader(string? authorization, string? formId, string? network, out Problem? problem)
    {
        problem = null;

        // No other scheme authenticates a client here: a user's bearer token is not a client's credential.
        if (!BasicCredentials.TryRead(authorization, out var credentials))
        {
            return null;
        }

        using (credentials)
        {
            if (formId is not null && !string.Equals(formId, credentials.Id, StringComparison.Ordinal))
            {
                problem = ClientProblems.AuthenticationRepeated;
                return null;
            }

            return Compare(credentials.Id, credentials.Secret, network, out problem);
        }
    }

    private Client? FindByForm(ClientTokenRequest form, string? network, bool takesPublic, out Problem? problem)
    {
        problem = null;
        if (form.ClientSecret is null)
        {
            return takesPublic && string.Equals(form.ClientId, _public.Id, StringComparison.Ordinal) ? _public : null;
        }

        var secret = Encoding.UTF8.GetBytes(form.ClientSecret);
        try
        {
            return Compare(form.ClientId!, secret, network, out problem);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Compares a secret, unless too many wrong ones came before it. Counts a wrong one.</summary>
    private Client? Compare(string id, ReadOnlySpan<byte> secret, string? network, out Problem? problem)
    {
        var known = registry.Has(id) ? id : null;
        problem = failures.FindWait(network, known) is { } wait ? LimitProblems.TooManyAttempts(wait) : null;
        if (problem is not null)
        {
            return null;
        }

        var client = registry.Find(id, secret);
        if (client is null)
        {
            failures.Count(network, known);
        }

        return client;
    }
}
