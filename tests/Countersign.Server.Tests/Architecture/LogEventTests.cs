using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Countersign.Server.Tests.Architecture;

/// <summary>Each event id stands in a range of its class in <c>docs/log-events.md</c>, and is used once.</summary>
public sealed partial class LogEventTests
{
    private static readonly string[] Assemblies =
    [
        "Countersign.Tokens", "Countersign.Passwords", "Countersign.Passwords.Argon2", "Countersign.Sessions", "Countersign.Bearer",
        "Countersign.EntityFrameworkCore", "Countersign.PostgreSql", "Countersign.AspNetCore", "Countersign.Mail", "countersign",
    ];

    private static readonly (string Type, int Id)[] Events =
    [
        .. Assemblies.Select(Assembly.Load).SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static method => (Type: method.DeclaringType!.FullName!, Id: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(static found => found.Id is not null)
            .Select(static found => (found.Type, found.Id!.Value)),
    ];

    private static readonly (int First, int Last, string Type)[] Ranges =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/log-events.md"))).Select(static row =>
            (Number(row.Groups["first"]), Number(row.Groups["last"]), row.Groups["type"].Value)),
    ];

    [Fact]
    public void EventIds_AreUnique()
    {
        Assert.True(Events.Length > 50, $"Only {Events.Length} events were found.");
        Assert.Empty(Events.GroupBy(static found => found.Id).Where(static same => same.Count() > 1).Select(static same => same.Key));
    }

    [Fact]
    public void EventIds_StandInARangeOfTheirClass() =>
        Assert.DoesNotContain(Events, static found => !Ranges.Any(range => range.Type == found.Type && range.First <= found.Id && found.Id <= range.Last));

    [Fact]
    public void Ranges_AreUsedAndApart()
    {
        Assert.DoesNotContain(Ranges, static range => !Events.Any(found => range.First <= found.Id && found.Id <= range.Last));
        Assert.DoesNotContain(Ranges.Zip(Ranges.Skip(1)), static pair => pair.First.Last >= pair.Second.First || pair.First.First > pair.First.Last);
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^\| (?<first>\d{4})–(?<last>\d{4}) \|[^|]+\| `(?<type>[\w.]+)` \|$""", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
