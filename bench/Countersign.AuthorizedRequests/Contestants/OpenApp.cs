namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>The same endpoint without authentication and authorization.</summary>
internal static class OpenApp
{
    public static async Task<Contestant> StartAsync(string folder)
    {
        string id = Guid.CreateVersion7().ToString();
        var app = Contestant.CreateBuilder(folder).Build();
        app.MapGet(Contestant.Path, () => id);
        await app.StartAsync();
        return new Contestant("open", app, SampleTokens.NotRead, TakesAll: true);
    }
}
