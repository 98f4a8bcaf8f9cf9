// The apps that `bench/http authorized` compares. Each has a separate host and pipeline, so that no middleware of one affects another. It writes a line
// "NAME URL TOKEN" for each app once it answers, then "ready", and serves until it is stopped.
using Countersign.AuthorizedRequests.Contestants;

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: Countersign.AuthorizedRequests FOLDER, an empty one for databases and keys");
    return 2;
}

Func<string, Task<Contestant>>[] contestants =
[
    CountersignApp.StartAsync, OpenApp.StartAsync, FloorApp.StartAsync, IdentityApiApp.StartAsync, JwtBearerApp.StartAsync,
];
List<WebApplication> apps = [];
foreach (var start in contestants)
{
    var contestant = await start(folder);
    apps.Add(contestant.App);
    await contestant.ThrowIfWrongAsync();
    Console.WriteLine($"{contestant.Name} {contestant.Url} {contestant.Token}");
}

Console.WriteLine("ready");
await Task.WhenAll(apps.Select(static app => app.WaitForShutdownAsync()));
return 0;
