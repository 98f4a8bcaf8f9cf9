using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>An issuer on Kestrel: metadata, keys, tokens. Each document's answer can be replaced, and each request for one is counted.</summary>
internal sealed class AuthorityServer : IAsyncDisposable
{
    public const string MetadataPath = "/.well-known/openid-configuration";
    public const string OAuthMetadataPath = "/.well-known/oauth-authorization-server";
    public const string KeysPath = "/keys";

    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private AuthorityServer(FakeTimeProvider time, int port)
    {
        Time = time;
        Current = SigningKey.Create(SignatureAlgorithm.ES256);
        Published = [Current.VerificationKey];
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public FakeTimeProvider Time { get; }

    public string Issuer => _app.Urls.First();

    /// <summary>What signs.</summary>
    public SigningKey Current { get; private set; }

    /// <summary>What is published.</summary>
    public IReadOnlyList<VerificationKey> Published { get; set; }

    public string? CacheControl { get; set; } = "public, max-age=300";

    public string? Age { get; set; }

    /// <summary>Cuts the connection of every request.</summary>
    public bool IsDown { get; set; }

    /// <summary>Answers in the place of the document; false leaves it to the document.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = static _ => Task.FromResult(false);

    /// <summary>Released once for each request that arrives.</summary>
    public SemaphoreSlim Arrivals { get; } = new(0);

    public int KeyRequests => RequestsFor(KeysPath);

    /// <summary>The <c>Cache-Control</c> of the last request for keys.</summary>
    public string? AskedWith { get; private set; }

    public static async Task<AuthorityServer> StartAsync(FakeTimeProvider? time = null, int port = 0)
    {
        var server = new AuthorityServer(time ?? new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero)), port);
        await server._app.StartAsync();
        return server;
    }

    public int RequestsFor(string path) => _requests.GetValueOrDefault(path);

    /// <summary>Signs with another key from now on.</summary>
    /// <param name="keepsOld">Whether the one before stays published.</param>
    public void Rotate(bool keepsOld = true)
    {
        var next = SigningKey.Create(SignatureAlgorithm.ES256);
        Published = keepsOld ? [next.VerificationKey, Current.VerificationKey] : [next.VerificationKey];
        Current = next;
    }

    public string Token(string? issuer = null, string? audience = null, SigningKey? key = null, params string[] roles)
    {
        var now = Time.GetUtcNow();
        var keys = new KeyRing(new KeySet(key ?? Current, []));
        return new TokenIssuer(TokenPolicy.Strict(keys, issuer ?? Issuer, audience ?? issuer ?? Issuer), Time).Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = "7",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(30),
            SessionId = Guid.CreateVersion7(now),
            TokenId = "a-token",
            Roles = roles,
        });
    }

    /// <summary>A token as a stranger makes it: a key id of his own, and a signature of nobody.</summary>
    public string TokenOfKey(string keyId, string? issuer = null, byte[]? payload = null)
    {
        var segments = Token(issuer).Split('.');
        segments[1] = payload is null ? segments[1] : System.Buffers.Text.Base64Url.EncodeToString(payload);
        var header = JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = keyId });
        return $"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{segments[1]}.{segments[2]}";
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _requests.AddOrUpdate(path, 1, static (_, count) => count + 1);
        Arrivals.Release();
        if (path == KeysPath)
        {
            AskedWith = context.Request.Headers.CacheControl;
        }

        if (IsDown)
        {
            context.Abort();
        }
        else if (!await Instead(context))
        {
            await AnswerAsync(context, path);
        }
    }

    private async Task AnswerAsync(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = CacheControl;
        context.Response.Headers.Age = Age;
        context.Response.ContentType = "application/json";
        if (path == MetadataPath)
        {
            await context.Response.WriteAsync($$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}{{KeysPath}}"}""");
        }
        else if (path == KeysPath)
        {
            await context.Response.Body.WriteAsync(JsonWebKeySet.Write(Published));
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
