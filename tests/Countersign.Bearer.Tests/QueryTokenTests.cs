using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Bearer.Tests;

/// <summary>A token in the query: accepted on the paths that the app has named, and nowhere else.</summary>
public sealed class QueryTokenTests : IAsyncLifetime
{
    private const string InQuery = "token_in_query";
    private readonly Collected _log = new();
    private readonly ResourceServer _server;

    public QueryTokenTests() => _server = new ResourceServer(
        services => services
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace)
                .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
                .AddProvider(_log))
            .AddKeyedSingleton(CountersignBearerDefaults.AuthenticationScheme, new BearerSettings { QueryTokenPaths = ["/hubs/chat"] }),
        static app => app
            .MapGet("/{**path}", static async (HttpContext context) => $"{context.User.Identity!.Name} {await context.GetTokenAsync("access_token")}")
            .RequireAuthorization());

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/hubs/chat?access_token={token}", 200, null)]
    [InlineData("/hubs/chat/negotiate?id=1&access_token={token}", 200, null)]
    [InlineData("/HUBS/chat?access_token={token}", 200, null)]
    [InlineData("/hubs/chatter?access_token={token}", 400, InQuery)]
    [InlineData("/hubs?access_token={token}", 400, InQuery)]
    [InlineData("/other?access_token={token}", 400, InQuery)]
    [InlineData("/other?access_token={token}&path=/hubs/chat", 400, InQuery)]
    [InlineData("/hubs/chat/../../other?access_token={token}", 400, InQuery)]
    [InlineData("/hubs/chat?access_token={token}&access_token={token}", 400, InQuery)]
    [InlineData("/hubs/chat?access_token=", 401, "token_segments_malformed")]
    [InlineData("/hubs/chat?access_token={token}x", 401, "token_base64url_malformed")]
    [InlineData("/hubs/chat?access_token={expired}", 401, "token_expired")]
    [InlineData("/hubs/chat?access_token={refresh}", 401, "token_typ_wrong")]
    [InlineData("/hubs/chat", 401, "credential_missing")]
    public async Task Request_TokenInTheQuery_IsAcceptedOnNamedPathsAlone(string target, int status, string? code)
    {
        var token = _server.AccessToken();
        var answer = await _server.GetAsync(target
            .Replace("{token}", token, StringComparison.Ordinal)
            .Replace("{expired}", _server.AccessToken(age: TimeSpan.FromHours(1)), StringComparison.Ordinal)
            .Replace("{refresh}", _server.RefreshToken(), StringComparison.Ordinal));

        Assert.Equal(status, answer.Status);
        Assert.Contains(code ?? $"7 {token}", answer.Body, StringComparison.Ordinal);
        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains(token, StringComparison.Ordinal));
    }

    /// <summary>The header has precedence in both directions.</summary>
    [Fact]
    public async Task Request_TokenInQueryAndHeader_HeaderDecides()
    {
        var (one, other) = (_server.AccessToken(), _server.AccessToken());

        Assert.Contains(one, (await _server.GetAsync($"/hubs/chat?access_token={other}", $"Authorization: Bearer {one}")).Body, StringComparison.Ordinal);
        Assert.Equal(200, (await _server.GetAsync("/hubs/chat?access_token=nonsense", $"Authorization: Bearer {one}")).Status);
        Assert.Equal(401, (await _server.GetAsync($"/hubs/chat?access_token={other}", "Authorization: Bearer nonsense")).Status);
    }

    /// <summary>A credential of another scheme is none of this one.</summary>
    [Fact]
    public async Task Request_OtherSchemeInTheHeader_QueryCounts() =>
        Assert.Equal(200, (await _server.GetAsync($"/hubs/chat?access_token={_server.AccessToken()}", "Authorization: Basic dTpw")).Status);

    private sealed class Collected : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
