using System.Net;

namespace Countersign.AspNetCore.Limits;

/// <summary>
/// How often a network (or a session, or a client) may ask for one kind of work in a minute, counted by this node alone and in memory. An IPv6 address counts
/// in its /64, its /56 and its /48 at once, since one customer of a provider has up to 65,536 networks of 64 bits.
/// </summary>
/// <param name="perMinute">What an IPv4 address or an IPv6 /64 may take a minute.</param>
/// <param name="time">The clock.</param>
/// <param name="remembersMinute">Whether <see cref="HasTaken"/> is asked: each network is then remembered for a whole minute.</param>
internal sealed class NetworkLimit(int perMinute, TimeProvider time, bool remembersMinute = false)
{
    /// <summary>
    /// So many networks of each width are remembered at once, about two megabytes a width. Beyond, an attacker who has them all is let through to what holds
    /// against him anyway: the engine's queue, each account's own count, the writer's queue. If a full table refused new networks, he could shut out all
    /// others. IPv4 addresses and each width of IPv6 have room of their own, so that a /48 that fills the room of the /64s is counted as a /48 all the same,
    /// and uses up no room of an IPv4 address.
    /// </summary>
    public const int MaxNetworks = 10_000;

    /// <summary>
    /// What a /56 may take, in times of a /64. A provider gives a /56 to one household, which would be worth one IPv4 address, but mobile networks and hosting
    /// companies give a /64 of it to each of 256 customers. Four lets the second kind of network work and is as much as an attacker gets from four IPv4
    /// addresses.
    /// </summary>
    public const int SiteFactor = 4;

    /// <summary>
    /// What a /48 may take, in times of a /64: the same step again, for eight bits more. A /48 is what a company gets, or anybody from a tunnel provider
    /// without charge; it must not be worth more than the sixteen IPv4 addresses that are rented as easily.
    /// </summary>
    public const int OrganisationFactor = SiteFactor * SiteFactor;

    /// <summary>The one network of all requests without an address.</summary>
    private const string Unknown = "";

    private const string LinkSuffix = "/64";

    private readonly NetworkBudget _addresses = new(perMinute, remembersMinute);
    private readonly NetworkBudget _links = new(perMinute, remembersMinute);
    private readonly NetworkBudget _sites = new((long)perMinute * SiteFactor, remembersMinute);
    private readonly NetworkBudget _organisations = new((long)perMinute * OrganisationFactor, remembersMinute);

    // On a clock that never jumps.
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();

    /// <summary>Networks remembered now, of all widths.</summary>
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

    /// <summary>Takes one, from every width of network or from none.</summary>
    /// <param name="network">See <see cref="ClientAddress.Network"/>. Null when it is not known: all requests without an address share one network.</param>
    /// <param name="subject">
    /// What the network is counted for, such as a client: each has its own count, and all share the room. Only of a set that no stranger can add to.
    /// </param>
    /// <returns>Null if it may go on; otherwise when another try is worthwhile, in whole seconds, at least one.</returns>
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

    /// <summary>The same answer, and nothing is taken.</summary>
    public TimeSpan? FindWait(string? network, string subject = "")
    {
        ReadOnlySpan<(NetworkBudget Budget, string Network)> all = WidthsOf(network, subject);
        lock (_lock)
        {
            return FindWait(all, time.GetElapsedTime(_start));
        }
    }

    /// <summary>Whether the narrowest network has taken anything within the last minute.</summary>
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
        // A line feed is in no network.
        var prefix = subject.Length == 0 ? subject : subject + '\n';
        return network is not null && network.EndsWith(LinkSuffix, StringComparison.Ordinal) && IPAddress.TryParse(network.AsSpan(0, network.Length - LinkSuffix.Length), out var link)
            ? [(_links, prefix + network), (_sites, prefix + ClientAddress.Prefix(link, 56)), (_organisations, prefix + ClientAddress.Prefix(link, 48))]
            : [(_addresses, prefix + (network ?? Unknown))];
    }
}
