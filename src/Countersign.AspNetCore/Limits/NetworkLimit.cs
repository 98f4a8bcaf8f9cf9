using System.Net;

namespace Countersign.AspNetCore.Limits;

/// <summary>
/// Limits how often a network (or a session, or a client) may ask for one kind of work in a minute. Each node counts in its own memory. An IPv6 address counts
/// in its /64, its /56 and its /48 at once, because one customer of a provider has up to 65,536 networks of 64 bits.
/// </summary>
/// <param name="perMinute">How much an IPv4 address or an IPv6 /64 may take a minute.</param>
/// <param name="time">The clock.</param>
/// <param name="remembersMinute">Whether <see cref="HasTaken"/> is used: then each network is remembered for a whole minute.</param>
internal sealed class NetworkLimit(int perMinute, TimeProvider time, bool remembersMinute = false)
{
    /// <summary>
    /// How many networks of each width are remembered at once; they take about two megabytes a width. An attacker with more networks passes this limit, but
    /// meets the others: the engine's queue, each account's own count, the writer's queue. If a full table refused new networks, an attacker could shut out
    /// all others. IPv4 addresses and each width of IPv6 have separate room. So a /48 that fills the room of the /64s is still counted as a /48, and takes no
    /// room of IPv4 addresses.
    /// </summary>
    public const int MaxNetworks = 10_000;

    /// <summary>
    /// How many times as much as a /64 a /56 may take. Many providers give a /56 to one household, which should count like one IPv4 address. But mobile
    /// networks and hosting companies give each /64 of it to another of 256 customers. Four lets these networks work, and gives an attacker no more than four
    /// IPv4 addresses do.
    /// </summary>
    public const int SiteFactor = 4;

    /// <summary>
    /// How many times as much as a /64 a /48 may take: the same step again, for eight bits more. A company gets a /48, but so does every user of a free tunnel
    /// provider. It must not be worth more than the sixteen IPv4 addresses that are as easy to rent.
    /// </summary>
    public const int OrganisationFactor = SiteFactor * SiteFactor;

    /// <summary>The network of all requests without an address.</summary>
    private const string Unknown = "";

    private const string LinkSuffix = "/64";

    private readonly NetworkBudget _addresses = new(perMinute, remembersMinute);
    private readonly NetworkBudget _links = new(perMinute, remembersMinute);
    private readonly NetworkBudget _sites = new((long)perMinute * SiteFactor, remembersMinute);
    private readonly NetworkBudget _organisations = new((long)perMinute * OrganisationFactor, remembersMinute);

    // This clock never jumps.
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();

    /// <summary>The number of networks of all widths that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _addresses.Count + _links.Count + _sites.Count + _organisations.Count;
            }
        }
    }

    /// <summary>Takes one from every width of network, or from none.</summary>
    /// <param name="network">See <see cref="ClientAddress.Network"/>. Null if it is not known: all requests without an address share one network.</param>
    /// <param name="subject">
    /// What is counted separately for the network, such as a client. All subjects share the room, so strangers must not be able to add subjects.
    /// </param>
    /// <returns>Null if the request may continue; otherwise how long to wait, in whole seconds, at least one.</returns>
    public TimeSpan? TryTake(string? network, string subject = "")
    {
        ReadOnlySpan<(NetworkBudget Budget, string Network)> all = WidthsOf(network, subject);
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            if (FindWait(all, now) is { } wait)
            {
                return wait;
            }

            foreach (var (budget, one) in all)
            {
                budget.Take(one, now);
            }

            return null;
        }
    }

    /// <summary>Gives the same answer as <see cref="TryTake"/>, but takes nothing.</summary>
    public TimeSpan? FindWait(string? network, string subject = "")
    {
        ReadOnlySpan<(NetworkBudget Budget, string Network)> all = WidthsOf(network, subject);
        lock (_lock)
        {
            return FindWait(all, time.GetElapsedTime(_start));
        }
    }

    /// <summary>Whether the narrowest network has taken one within the last minute.</summary>
    public bool HasTaken(string? network, string subject = "")
    {
        var (budget, one) = WidthsOf(network, subject)[0];
        lock (_lock)
        {
            return budget.HasTaken(one, time.GetElapsedTime(_start));
        }
    }

    private static TimeSpan? FindWait(ReadOnlySpan<(NetworkBudget Budget, string Network)> all, TimeSpan now)
    {
        var wait = TimeSpan.Zero;
        foreach (var (budget, one) in all)
        {
            var alone = budget.WaitOf(one, now);
            wait = alone > wait ? alone : wait;
        }

        return wait > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds))) : null;
    }

    /// <summary>The networks that a request counts in, the narrowest first.</summary>
    private (NetworkBudget Budget, string Network)[] WidthsOf(string? network, string subject)
    {
        // No network contains a line feed.
        var prefix = subject.Length == 0 ? subject : subject + '\n';
        return network is not null
            && network.EndsWith(LinkSuffix, StringComparison.Ordinal)
            && IPAddress.TryParse(network.AsSpan(0, network.Length - LinkSuffix.Length), out var link)
                ? [(_links, prefix + network), (_sites, prefix + ClientAddress.Prefix(link, 56)), (_organisations, prefix + ClientAddress.Prefix(link, 48))]
                : [(_addresses, prefix + (network ?? Unknown))];
    }
}
