using System.Net;
using System.Text.Json;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Testing;

/// <summary>
/// The service that issues tokens, for the tests of a service that only accepts them. It has its own key, and answers the questions for its metadata and
/// keys in the process: nothing listens, and no network is needed.
/// </summary>
public sealed class TestIssuer : IDisposable
{
    private readonly SigningKey _key = SigningKey.Create(SignatureAlgorithm.ES256);
    private readonly TimeProvider _time;
    private readonly TokenIssuer _issuer;

    /// <param name="issuer">The claim <c>iss</c> of its tokens: an https address, which need not exist.</param>
    /// <param name="audience">The claim <c>aud</c>; null for the issuer.</param>
    /// <param name="time">The clock of its tokens; null for the system's.</param>
    public TestIssuer(string issuer = "https://issuer.test", string? audience = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        Issuer = issuer;
        Audience = audience ?? issuer;
        _time = time ?? TimeProvider.System;
        _issuer = new TokenIssuer(TokenPolicy.Strict(new KeyRing(new KeySet(_key, [])), Issuer, Audience), _time);
        Handler = new MetadataHandler(Issuer, _key.VerificationKey);
    }

    /// <summary>The claim <c>iss</c> of its tokens.</summary>
    public string Issuer { get; }

    /// <summary>The claim <c>aud</c> of its tokens.</summary>
    public string Audience { get; }

    /// <summary>Answers the requests for metadata and keys, for <c>CountersignBearerOptions.BackchannelHttpHandler</c>.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>Makes a token.</summary>
    /// <param name="token">What it says.</param>
    /// <exception cref="ArgumentException">The token is not allowed: for example a claim has a reserved name.</exception>
    public string Create(TestAccessToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _issuer.Create(token.Describe(_time.GetUtcNow(), epoch: 0, revision: 0));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Handler.Dispose();
        _key.Dispose();
    }

    /// <summary>Returns the type's name.</summary>
    public override string ToString() => nameof(TestIssuer);

    private sealed class MetadataHandler(string issuer, VerificationKey key) : HttpMessageHandler
    {
        private readonly string _jwks = issuer.TrimEnd('/') + "/.well-known/jwks.json";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!.AbsoluteUri;
            var body = address == _jwks
                ? JsonWebKeySet.Write([key])
                : address.Contains("/.well-known/", StringComparison.Ordinal)
                    ? JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["issuer"] = issuer, ["jwks_uri"] = _jwks })
                    : null;
            return Task.FromResult(new HttpResponseMessage(body is null ? HttpStatusCode.NotFound : HttpStatusCode.OK)
            {
                RequestMessage = request,
                Content = body is null ? null : new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } },
            });
        }
    }
}
