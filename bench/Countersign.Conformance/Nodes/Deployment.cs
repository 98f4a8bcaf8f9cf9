using System.Security.Cryptography;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Servers;
using Countersign.Harness;
using Npgsql;

namespace Countersign.Conformance.Nodes;

/// <summary>A server with its nodes and its database, in a separate folder that is deleted with it.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>A process reads its clock's file each second. A node with a database then reads the database's clock, each second.</summary>
    private static readonly TimeSpan SettlingOfAll = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan SettlingOfOne = TimeSpan.FromMilliseconds(1250);

    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private NodePlan _plan;
    private DateTimeOffset _copied;
    private readonly List<ServerNode> _nodes = [];

    private Deployment(Server server, Shape shape, string folder, Clocks clocks, PostgreSqlCluster? cluster, PostgreSqlProxy? proxy)
    {
        Shape = shape;
        Server = server;
        Http = new ServerHttpClient(server);
        Clocks = clocks;
        Cluster = cluster;
        Proxy = proxy;
        _folder = folder;
        string data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        string keys = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName;
        _plan = new NodePlan(data, keys, cluster is null ? null : ConnectionString(cluster, proxy), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    public Shape Shape { get; }

    public Server Server { get; }

    public ServerHttpClient Http { get; }

    public Clocks Clocks { get; }

    public PostgreSqlCluster? Cluster { get; }

    public PostgreSqlProxy? Proxy { get; }

    public IReadOnlyList<ServerNode> Nodes => _nodes;

    /// <summary>The node for requests that may go to any node.</summary>
    public Uri Address => _nodes[0].Address;

    /// <summary>Starts everything.</summary>
    /// <param name="server">The server.</param>
    /// <param name="store">The store.</param>
    /// <param name="shape">What the deployment must have.</param>
    /// <param name="environment">The folders and programs of the machine.</param>
    public static async Task<Deployment> StartAsync(Server server, StoreKind store, Shape shape, RunEnvironment environment)
    {
        string folder = environment.NewFolder();
        PostgreSqlCluster? cluster = null;
        PostgreSqlProxy? proxy = null;
        Deployment? deployment = null;
        try
        {
            var clocks = new Clocks(folder, shape.HasClocks ? environment.ClockLibrary : null, store is StoreKind.PostgreSql ? SettlingOfAll : SettlingOfOne);
            if (store is StoreKind.PostgreSql)
            {
                cluster = await PostgreSqlCluster.StartAsync(folder: Path.Combine(folder, "postgresql"), environment: clocks.EnvironmentOf("postgresql"));
                proxy = shape.HasProxy ? new PostgreSqlProxy(new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Port) : null;
            }

            deployment = new Deployment(server, shape, folder, clocks, cluster, proxy);
            for (int node = 1; node <= shape.Nodes; node++)
            {
                deployment._nodes.Add(deployment.MakeNode($"node{node}"));
                await deployment._nodes[^1].StartAsync();
            }

            return deployment;
        }
        catch
        {
            if (deployment is not null)
            {
                await deployment.DisposeAsync();
            }
            else
            {
                await EndAsync(cluster, proxy, folder);
            }

            throw;
        }
    }

    /// <summary>Runs a command of the server on its data, as an operator does beside the running nodes.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public Task RunCommandAsync(IReadOnlyList<string> arguments) => Command(_nodes[0].Name, arguments).RunOrThrowAsync(CommandPatience);

    /// <summary>Stops everything, copies all data, and starts everything again.</summary>
    public async Task BackUpAsync()
    {
        await StopAllAsync();
        await Folders.CopyAsync(_plan.DataFolder, _plan.DataFolder + ".backup");
        if (Cluster is not null)
        {
            await Folders.CopyAsync(Cluster.Folder, Cluster.Folder + ".backup");
        }

        // Between the last instant before the copy and the first after it.
        _copied = TimeProvider.System.GetUtcNow() + Clocks.Told;
        await Task.Delay(TimeSpan.FromSeconds(1));
        await StartAllAsync();
    }

    /// <summary>Replaces the data by the copy.</summary>
    /// <param name="isSaid">Whether the operator sets the server's setting for a restore, if it has one.</param>
    public async Task RestoreAsync(bool isSaid)
    {
        _plan = _plan with { RestorePoint = isSaid ? _copied : null };
        await StopAllAsync();
        await Folders.ReplaceAsync(_plan.DataFolder + ".backup", _plan.DataFolder);
        if (Cluster is not null)
        {
            await Folders.ReplaceAsync(Cluster.Folder + ".backup", Cluster.Folder);
        }

        await StartAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        Http.Dispose();
        await EndAsync(Cluster, Proxy, _folder);
        Clocks.Clear();
    }

    private static async Task EndAsync(PostgreSqlCluster? cluster, PostgreSqlProxy? proxy, string folder)
    {
        if (proxy is not null)
        {
            await proxy.DisposeAsync();
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private ServerNode MakeNode(string name)
    {
        var address = Ports.FreeAddress();
        return new ServerNode(name, address, Server.ReadyPath, () => Command(name, ["--urls", address.GetLeftPart(UriPartial.Authority)]))
        {
            ProcessFile = Path.Combine(_folder, $"{name}.pid"),
        };
    }

    private ProcessCommand Command(string node, IReadOnlyList<string> arguments)
    {
        var settings = new Dictionary<string, string>(Server.Settings(_plan), StringComparer.Ordinal);
        foreach (var (name, value) in Clocks.EnvironmentOf(node))
        {
            settings[name] = value;
        }

        return new ProcessCommand(["dotnet", Server.Assembly, .. arguments]) { Folder = _folder, Environment = settings };
    }

    /// <summary>The connection string for the nodes: the empty database that every cluster has, through the proxy if there is one.</summary>
    private static string ConnectionString(PostgreSqlCluster cluster, PostgreSqlProxy? proxy)
    {
        var target = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = "postgres", SslMode = SslMode.Disable };
        target.Port = proxy?.Port ?? target.Port;
        return target.ConnectionString;
    }

    private async Task StopAllAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
        }

        if (Cluster is not null)
        {
            await Cluster.StopAsync();
        }
    }

    private async Task StartAllAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.StartAgainAsync();
        }

        foreach (var node in _nodes)
        {
            await node.StartAsync();
        }
    }
}
