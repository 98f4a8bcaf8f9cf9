using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Countersign.TestBrowser;

/// <summary>One window of a browser on the pages of one server, and all that went wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _name;
    private readonly ConcurrentQueue<string> _faults = new();

    private Visit(IBrowserContext context, IPage page, string name)
    {
        _context = context;
        _name = name;
        Page = page;
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Every request that the page made.</summary>
    public ConcurrentQueue<IRequest> Requests { get; } = new();

    public static async Task<Visit> StartAsync(IBrowserContext context, Uri server, string name)
    {
        // What the policy of a page blocks is an event of the page; the console only shows some of them.
        await context.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.effectiveDirective} blocked ${e.blockedURI} ${e.sample}`));");
        var visit = new Visit(context, await context.NewPageAsync(), name);
        visit.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                visit._faults.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        visit.Page.PageError += (_, error) => visit._faults.Enqueue($"exception: {error}");
        visit.Page.RequestFailed += (_, request) => visit._faults.Enqueue($"failed: {request.Url} {request.Failure}");
        visit.Page.Request += (_, request) =>
        {
            visit.Requests.Enqueue(request);
            var url = new Uri(request.Url);
            if (url.Scheme != "data" && url.Authority != server.Authority)
            {
                visit._faults.Enqueue($"another host: {request.Url}");
            }
        };
        return visit;
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    /// <summary>Opens a page of the server, and waits until it is there with all that it loads.</summary>
    public async Task<IResponse> OpenAsync(string path)
    {
        var response = await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        Assert.Equal(200, response!.Status);
        return response;
    }

    /// <summary>Keeps what the page looks like.</summary>
    public Task KeepAsync(string what, bool whole = true) =>
        Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{what}-{_name}.png"), FullPage = whole });

    /// <summary>Asserts that the page fits the window: nobody has to scroll sideways.</summary>
    public async Task AssertFitsAsync() =>
        Assert.True(
            await Page.EvaluateAsync<int>(
                "document.documentElement.scrollWidth") <= Page.ViewportSize!.Width, $"{Page.Url} is wider than the window ({_name}).");

    /// <summary>Asserts that nothing was blocked, threw, or went to another host. Answers that refuse something are no faults here.</summary>
    public void AssertNothingBlocked() => Assert.DoesNotContain(
        _faults,
        static fault => fault.StartsWith("exception:", StringComparison.Ordinal) || fault.StartsWith("another host:", StringComparison.Ordinal)
            || fault.Contains("policy", StringComparison.OrdinalIgnoreCase));

    public void AssertNoFaults() => Assert.True(_faults.IsEmpty, string.Join('\n', _faults));
}
