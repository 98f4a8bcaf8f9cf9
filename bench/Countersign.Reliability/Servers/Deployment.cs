using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Harness;

namespace Countersign.Reliability.Servers;

/// <summary>Nodes on one database, in a folder that is deleted with them.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>A service that may introspect tokens.</summary>
    public const string ClientId = "reliability";

    private const string ConnectionStringName = "ConnectionStrings__Countersign";

    private readonly string _folder;

    private Deployment(string folder, StoreKind store, PostgreSqlCluster? cluster, string connectionString, IReadOnlyList<ServerNode> nodes)
    {
        _folder = folder;
        Store = store;
        Cluster = cluster;
        ConnectionString = connectionString;
        Records = new Records(store, connectionString, cluster);
        Nodes = nodes;
    }

    public static string ClientSecret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public StoreKind Store { get; }

    /// <summary>The cluster; null on SQLite.</summary>
    public PostgreSqlCluster? Cluster { get; }

    public string ConnectionString { get; }

    public Records Records { get; }

    public IReadOnlyList<ServerNode> Nodes { get; }

    /// <summary>The environment of the nodes and commands.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private init; } = null!;

    /// <summary>Starts it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="settings">Settings in addition to those of every run.</param>
    /// <param name="core">The only core that nodes and database may run on; null for any.</param>
    public static async Task<Deployment> StartAsync(StoreKind store, int nodes, IReadOnlyDictionary<string, string>? settings = null, int? core = null)
    {
        string folder = Directory.CreateTempSubdirectory("countersign-reliability-").FullName;
        PostgreSqlCluster? cluster = null;
        Deployment? deployment = null;
        try
        {
            cluster = store == StoreKind.PostgreSql ? await PostgreSqlCluster.StartAsync(core: core) : null;
            string connectionString = cluster is null
                ? $"Data Source={Path.Combine(folder, "data", "countersign.db")}"
                : await cluster.CreateDatabaseAsync("countersign");
            Uri[] addresses = [.. Enumerable.Range(0, nodes).Select(static _ => Ports.FreeAddress())];
            var environment = Settings(folder, store, connectionString, addresses[0], settings);
            deployment = new Deployment(folder, store, cluster, connectionString, [.. addresses.Select(MakeNode)]) { Environment = environment };

            // One after the other: the first makes the database and the keys.
            foreach (var node in deployment.Nodes)
            {
                await node.StartAsync();
            }

            return deployment;

            ServerNode MakeNode(Uri address, int number)
            {
                var own = cluster is null
                    ? environment
                    : new(environment, StringComparer.Ordinal) { [ConnectionStringName] = $"{connectionString};Application Name={NameOf(number)}" };
                string program = Path.Combine(AppContext.BaseDirectory, "countersign.dll");
                string[] line = ["dotnet", program, "serve", "--urls", address.GetLeftPart(UriPartial.Authority)];
                var command = new ProcessCommand(line) { Folder = folder, Environment = own, Core = core };
                return new ServerNode(NameOf(number), address, "/health/ready", () => command);
            }
        }
        catch
        {
            if (deployment is not null)
            {
                await deployment.DisposeAsync();
            }
            else
            {
                await EndAsync(cluster, folder);
            }

            throw;
        }
    }

    /// <summary>The name of a node's connections in <c>pg_stat_activity</c>.</summary>
    public static string NameOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node{node}");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await EndAsync(Cluster, _folder);
    }

    private static async Task EndAsync(PostgreSqlCluster? cluster, string folder)
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Dictionary<string, string> Settings(
        string folder, StoreKind store, string connectionString, Uri issuer, IReadOnlyDictionary<string, string>? more)
    {
        string data = Path.Combine(folder, "data");
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["Auth__DataDirectory"] = data,
            ["Auth__Issuer"] = issuer.GetLeftPart(UriPartial.Authority),
            ["Auth__Clients__0__Id"] = ClientId,
            ["Auth__Clients__0__SecretHash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ClientSecret))),
            ["Auth__Clients__0__Audiences__0"] = issuer.GetLeftPart(UriPartial.Authority),
            ["Logging__LogLevel__Default"] = "Warning",

            // All requests come from one address and a few accounts, and a run begins with thousands of logins. So hashes are cheap, and limits are high.
            ["Auth__Passwords__Cost"] = "10",
            ["Auth__Passwords__MaxNetworkShare"] = "1",
            ["Auth__Passwords__MaxPerAccount"] = "100",
            ["Auth__Passwords__QueueLimit"] = "00:00:30",
            ["Auth__Passwords__QueueTimeout"] = "00:00:30",
            ["Auth__Lockout__MaxFailedAttempts"] = "100",
            ["Auth__Limits__SignInsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RegistrationsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RefreshesPerNetworkPerMinute"] = "10000000",
            ["Auth__Sessions__MaxPerUser"] = "1000",
        };
        if (store == StoreKind.PostgreSql)
        {
            settings[ConnectionStringName] = connectionString;
            settings["Auth__MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        }

        foreach (var (name, value) in more ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            settings[name] = value;
        }

        return settings;
    }
}
