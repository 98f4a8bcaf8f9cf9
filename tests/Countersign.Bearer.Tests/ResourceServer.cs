using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Bearer.Tests;

/// <summary>A resource server on Kestrel: one protected route, a validator over real keys, a revocation list, and a clock that can be told.</summary>
public sealed class ResourceServer : IAsyncLifetime
{
    public const string Issuer = "https://auth.example";

    private readonly WebApplication _app;

    public ResourceServer()
        : this(static _ => { }, static _ => { })
    {
    }

    internal ResourceServer(Action<IServiceCollection> before, Action<WebApplication> map)
    {
        Policy = TokenPolicy.Strict(new KeyRing(new KeySet(SigningKey.Create(SignatureAlgorithm.ES256), [])), Issuer, Issuer);
        Revocations = new RevocationList(Time, TimeSpan.FromHours(2));
        Tokens = new TokenIssuer(Policy, Time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        before(builder.Services);
        builder.Services.AddSingleton<TimeProvider>(Time).AddSingleton(Policy).AddSingleton(Revocations).AddSingleton<TokenValidator>();
        builder.Services.AddSingleton(new VerifiedTokenCache());
        builder.Services.AddLocalCountersignBearer();
        _app = builder.Build();
        _app.MapGet("/protected", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization(
            policy => policy.AddAuthenticationSchemes(CountersignBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        _app.MapGet("/admin", () => "in").RequireAuthorization(
            policy => policy.AddAuthenticationSchemes(CountersignBearerDefaults.AuthenticationScheme).RequireRole("admin"));
        _app.MapGet("/open", () => "open");
        map(_app);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public TokenPolicy Policy { get; }

    public RevocationList Revocations { get; }

    public TokenIssuer Tokens { get; }

    internal IServiceProvider Services => _app.Services;

    internal Uri Address => new(_app.Urls.First());

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal string AccessToken(Guid? sessionId = null, TimeSpan? age = null, params string[] roles) => Create(TokenType.Access, sessionId, age, roles);

    internal string RefreshToken() => Create(TokenType.Refresh, Guid.CreateVersion7(Time.GetUtcNow()), null, []);

    internal Task<RawResponse> GetAsync(string target, params string[] headers) => RawHttp.SendAsync(Address, "GET", target, headers);

    private string Create(TokenType type, Guid? sessionId, TimeSpan? age, string[] roles)
    {
        var issuedAt = Time.GetUtcNow() - (age ?? TimeSpan.Zero);
        return Tokens.Create(new TokenDescriptor
        {
            Type = type,
            Subject = "7",
            IssuedAt = issuedAt,
            ExpiresAt = issuedAt + TimeSpan.FromMinutes(30),
            SessionId = sessionId ?? Guid.CreateVersion7(issuedAt),
            TokenId = "a-token",
            Roles = roles,
        });
    }
}
