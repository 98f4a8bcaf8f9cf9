using Microsoft.Playwright;

namespace Countersign.Server.Tests.Pages;

/// <summary>The system's own Chromium, without a window and with a fresh profile.</summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    // The sandbox needs a user namespace, which containers do not grant; nothing but our own server is visited. The rest keeps the browser from asking for
    // updates of itself.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where screenshots are kept, to be looked at.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("COUNTERSIGN_ARTIFACTS") is { Length: > 0 } folder ? folder : Path.Combine(Repository.Root, "artifacts")).FullName;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Headless = true, Args = Arguments });
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
        return await Visit.StartAsync(context, server, $"{(phone ? "phone" : "desktop")}-{(dark ? "dark" : "light")}");
    }
}
