using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>A handler of the app's that holds the thread it was called on, instead of giving back a task.</summary>
public sealed class BlockingHandlerTests : IAsyncLifetime
{
    private AuthorityServer _authority = null!;

    public async ValueTask InitializeAsync() => _authority = await AuthorityServer.StartAsync();

    public ValueTask DisposeAsync() => _authority.DisposeAsync();

    /// <summary>A renewal that waits for such a handler would never end, and each request would wait for it as long as it may.</summary>
    [Fact]
    public async Task BackchannelHandler_HoldsItsThread_EndsInTime()
    {
        using var handler = new BlockingHandler();
        await using var app = await ResourceApp.StartAsync(_authority.Time, services => services.AddCountersignBearer(options =>
        {
            options.Authority = _authority.Issuer;
            options.BackchannelHttpHandler = handler;
        }));
        try
        {
            await handler.Asked.WaitAsync();

            await app.AdvanceAsync(TimeSpan.FromSeconds(5)).WaitAsync(Patience.Limit);

            Assert.True(app.Keys.IsFailing);
            Assert.Equal(503, (await app.GetAsync(_authority.Token())).Status);
        }
        finally
        {
            handler.Released.Set();
        }
    }

    private sealed class BlockingHandler : HttpMessageHandler
    {
        public SemaphoreSlim Asked { get; } = new(0);

        public ManualResetEventSlim Released { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Release();
            Released.Wait(CancellationToken.None);
            return Task.FromException<HttpResponseMessage>(new HttpRequestException("The handler was released."));
        }
    }
}
