using System.Security.Cryptography;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Nodes;

/// <summary>A server with its nodes and its database, in a folder of its own that goes with it.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>A process looks at its clock's file each second; a node with a database looks each second, after that, at the database's clock.</summary>
    private static readonly TimeSpan SettlingOfAll = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan SettlingOfOne = TimeSpan.FromMilliseconds(1250);

    private readonly string _folder;
    private NodePlan _plan;
    private DateTimeOffset _copied;
    private readonly List<Node> _nodes = [];

    private Deployment(Server server, Shape shape, string folder, Clocks clocks, PostgreSqlCluster? cluster, PostgreSqlProxy? proxy)
    {
        Shape = shape;
        Server = server;
        Wire = new Wire(server);
        Clocks = clocks;
        Cluster = cluster;
        Proxy = proxy;
        _folder = folder;
        string data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        string keys = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName;
        _plan = new NodePlan(data, keys, cluster?.ConnectionString(proxy?.Port), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    public Shape Shape { get; }

    public Server Server { get; }

    public Wire Wire { get; }

    public Clocks Clocks { get; }

    public PostgreSqlCluster? Cluster { get; }

    public PostgreSqlProxy? Proxy { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Where requests go that may go anywhere.</summary>
    public Uri Address => _nodes[0].Address;

    /// <summary>Starts everything.</summary>
    /// <param name="server">What runs.</param>
    /// <param name="store">On what.</param>
    /// <param name="shape">With what around it.</param>
    /// <param name="surroundings">Where, and with which programs.</param>
    public static async Task<Deployment> StartAsync(Server server, StoreKind store, Shape shape, Surroundings surroundings)
    {
        string folder = surroundings.NewFolder();
        PostgreSqlCluster? cluster = null;
        PostgreSqlProxy? proxy = null;
        Deployment? deployment = null;
        try
        {
            cluster = store is StoreKind.PostgreSql ? new PostgreSqlCluster(surroundings.Repository, Path.Combine(folder, "postgresql")) : null;
            var clocks = new Clocks(folder, shape.HasClocks ? surroundings.ClockLibrary : null, cluster is null ? SettlingOfOne : SettlingOfAll);
            if (cluster is not null)
            {
                await cluster.StartAsync(clocks.EnvironmentOf("postgresql"));
                proxy = shape.HasProxy ? new PostgreSqlProxy(cluster.Port) : null;
            }

            deployment = new Deployment(server, shape, folder, clocks, cluster, proxy);
            for (int node = 1; node <= shape.Nodes; node++)
            {
                deployment._nodes.Add(new Node($"node{node}", deployment.Wire, () => deployment._plan, deployment.Clocks, folder));
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

    /// <summary>Copies all data while everything is stopped, and starts it again.</summary>
    public async Task BackUpAsync()
    {
        await StopAllAsync();
        await Folders.CopyAsync(_plan.DataFolder, _plan.DataFolder + ".backup");
        if (Cluster is not null)
        {
            await Folders.CopyAsync(Cluster.Folder, Cluster.Folder + ".backup");
        }

        // Between the last instant of before and the first of after.
        _copied = TimeProvider.System.GetUtcNow() + Clocks.Told;
        await Task.Delay(TimeSpan.FromSeconds(1));
        await StartAllAsync();
    }

    /// <summary>Puts the copy in the place of what has been written since.</summary>
    /// <param name="isSaid">Whether the operator tells the server, where it has a setting for that.</param>
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

        Wire.Dispose();
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
            await Cluster.StartAsync(Clocks.EnvironmentOf("postgresql"));
        }

        foreach (var node in _nodes)
        {
            await node.StartAsync();
        }
    }
}
