using System.Runtime.InteropServices;
using Countersign.Conformance;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Reports;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Servers;
using Countersign.Harness;

if (Arguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

// After a signal everything is ended in order: no process and no folder stays.
using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

Server[] servers =
[
    new CountersignServer(Path.Combine(Repository.Root, "src/Countersign.Server/bin/Release/net10.0/countersign.dll")),
    new MapIdentityApiServer(Path.Combine(Repository.Root, "bench/peers/MapIdentityApi/bin/Release/net10.0/MapIdentityApi.dll")),
    new OpenIddictServer(Path.Combine(Repository.Root, "bench/peers/OpenIddict/bin/Release/net10.0/Countersign.Peers.OpenIddict.dll")),
];
var environment = new RunEnvironment(arguments.Folder, Clocks.FindLibrary(), PostgreSqlCluster.IsInstalled);
var runner = new Runner(environment, arguments.IsQuick ? Size.Quick : Size.Full, arguments.Seed, TimeProvider.System, Console.Out);
var card = await runner.RunAsync(
    [.. servers.Where(server => arguments.Server is null || server.Name == arguments.Server)],
    arguments.Store is { } store ? [store] : [StoreKind.Sqlite, StoreKind.PostgreSql],
    arguments.Only is { } only ? [only] : [],
    arguments is { IsResumed: true, JsonFile: { } earlier } && File.Exists(earlier) ? JsonReport.ReadRows(await File.ReadAllTextAsync(earlier)) : [],
    Save, interrupted.Token);

TableReport.Print(card, Console.Out);
Save(card);

if (arguments.MarkdownFile is { } markdown)
{
    await File.WriteAllTextAsync(markdown, MarkdownReport.Write(card));
}

return interrupted.IsCancellationRequested ? 130 : card.HasFailed("countersign") ? 1 : 0;

// After each row, so that an interrupted run can be resumed.
void Save(Scorecard card)
{
    if (arguments.JsonFile is { } json)
    {
        File.WriteAllText(json, JsonReport.Write(card));
    }
}

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
