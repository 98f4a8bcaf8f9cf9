using System.Net;
using System.Net.Http.Headers;

namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>An app that serves <c>/me</c>, which answers the id of the caller.</summary>
/// <param name="Name">The contestant's name.</param>
/// <param name="App">The app, which is running.</param>
/// <param name="Token">A token that the app accepts.</param>
/// <param name="TakesAll">Whether the app also accepts requests without a token.</param>
internal sealed record Contestant(string Name, WebApplication App, string Token, bool TakesAll = false)
{
    public const string Path = "/me";

    public Uri Url => new(new Uri(App.Urls.First()), Path);

    /// <summary>Makes a builder of an app that listens on a separate port, logs nothing and keeps its files in a folder.</summary>
    public static WebApplicationBuilder CreateBuilder(string folder)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder, EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    /// <summary>Sends one request with the token and one without. All apps answer the same amount: an id of 36 characters.</summary>
    public async Task ThrowIfWrongAsync()
    {
        using var client = new HttpClient();
        using var anonymous = await client.GetAsync(Url);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        string answer = await client.GetStringAsync(Url);
        if (!Guid.TryParseExact(answer, "D", out _) || anonymous.StatusCode != (TakesAll ? HttpStatusCode.OK : HttpStatusCode.Unauthorized))
        {
            throw new InvalidOperationException($"{Name} answers {anonymous.StatusCode} without a token, and with it: {answer}");
        }
    }
}
