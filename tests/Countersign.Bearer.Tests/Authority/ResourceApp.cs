using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Countersign.Bearer.Authority;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>A resource server on Kestrel that knows an authority and nothing else: no database, no keys of its own.</summary>
internal sealed class ResourceApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeTimeProvider _time;
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _log = new();

    private ResourceApp(FakeTimeProvider time, string environment, Action<IServiceCollection> configure, Action<WebApplication>? map)
    {
        _time = time;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new LogLines(_log));
        builder.Services.AddSingleton<TimeProvider>(time);
        configure(builder.Services);
        _app = builder.Build();
        _app.MapGet("/protected", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization();
        _app.MapGet("/admin", () => "in").RequireAuthorization(policy => policy.RequireRole("admin"));
        map?.Invoke(_app);
    }

    public AuthorityKeys Keys => KeysOf(CountersignBearerDefaults.AuthenticationScheme);

    public KeySet InUse => Keys.Ring.Current;

    public IEnumerable<string> Log => _log;

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts an app that accepts the authority's tokens, and waits until it has asked for the keys once.</summary>
    public static async Task<ResourceApp> StartAsync(
        AuthorityServer authority,
        Action<CountersignBearerOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null)
    {
        var app = await StartAsync(
            authority.Time,
            collection =>
            {
                services?.Invoke(collection);
                collection.AddCountersignBearer(options =>
                {
                    options.Authority = authority.Issuer;
                    configure?.Invoke(options);
                });
            },
            map: map);
        await app.SettleAsync();
        return app;
    }

    public static async Task<ResourceApp> StartAsync(
        FakeTimeProvider time, Action<IServiceCollection> configure, string? environment = null, Action<WebApplication>? map = null)
    {
        var app = new ResourceApp(time, environment ?? Environments.Production, configure, map);
        await app._app.StartAsync();
        return app;
    }

    public AuthorityKeys KeysOf(string scheme) => ((AuthorityScheme)_app.Services.GetRequiredKeyedService<BearerScheme>(scheme)).Keys;

    /// <summary>Waits until no renewal of keys is under way.</summary>
    public Task SettleAsync() => Keys.Renewal ?? Task.CompletedTask;

    /// <summary>Lets time pass, and what is due then be done.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        await SettleAsync();
    }

    public async Task<Answer> GetAsync(string token, string path = "/protected")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _app.Urls.First() + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return new Answer(
            (int)response.StatusCode, isProblem ? CodeOf(body) : null, response.Headers.RetryAfter?.Delta, response.Headers.WwwAuthenticate.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private static string? CodeOf(string body)
    {
        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.GetProperty("code").GetString();
    }

    internal sealed record Answer(int Status, string? Code, TimeSpan? RetryAfter, string Challenge);

    private sealed class LogLines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is >= 2000 and < 3000 || logLevel >= LogLevel.Error)
            {
                lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
