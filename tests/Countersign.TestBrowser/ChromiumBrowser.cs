using Microsoft.Playwright;

namespace Countersign.TestBrowser;

/// <summary>The system's own Chromium, without a window and with a fresh profile.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    // The sandbox needs a user namespace, which containers do not grant; nothing but our own pages is visited. The rest keeps the browser from asking for
    // updates of itself.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout((float)Patience.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Executable, Headless = true, Args = Arguments, Timeout = (float)Patience.Limit.TotalMilliseconds });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a window of its own, with no cookies and nothing stored; skips the test where there is no browser.</summary>
    internal async Task<Visit> VisitAsync(Uri server, bool phone = false, bool dark = false)
    {
        Assert.SkipWhen(_browser is null, $"There is no browser: {Executable} (Debian's package chromium) is not installed.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = server.ToString(),
            ViewportSize = phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 900 },
            DeviceScaleFactor = phone ? 2 : 1,
            IsMobile = phone,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout((float)Patience.Limit.TotalMilliseconds);
        return await Visit.StartAsync(context, server, $"{(phone ? "phone" : "desktop")}-{(dark ? "dark" : "light")}");
    }
}
