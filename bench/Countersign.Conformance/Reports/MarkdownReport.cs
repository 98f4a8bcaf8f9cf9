using System.Globalization;
using System.Text;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Reports;

/// <summary>The scorecard as a page for people.</summary>
internal static class MarkdownReport
{
    public static string Write(Scorecard card)
    {
        var page = new StringBuilder();
        Head(page, card);
        Table(page, card);
        Stories(page, card);
        Failures(page, card);
        foreach (var server in card.Servers)
        {
            Configuration(page, server);
        }

        Limits(page, card);
        return page.ToString();
    }

    private static void Head(StringBuilder page, Scorecard card) => page.Append(CultureInfo.InvariantCulture, $"""
        # Refresh conformance

        What clients see when a session is refreshed under races, loss, theft, crashes and outages.
        Made by `bench/conformance` on {card.At:yyyy-MM-dd}, {(card.IsResumed ? "in several parts, the last with" : "with")} seed {card.Seed}.
        The same schedules are played over HTTP against each server, by clients that know nothing of its rules: they keep the last answer, come back
        after a 5xx or a broken connection, and take a 4xx for a logout. A verdict is a fact that such a client has seen.


        """);

    private static void Table(StringBuilder page, Scorecard card)
    {
        var columns = card.Servers.SelectMany(_ => card.Stores, static (server, store) => (Server: server, Store: store)).ToList();
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"| schedule | {string.Join(" | ", columns.Select(static column => $"{column.Server.Title}, {Wording.Of(column.Store)}"))} |");
        page.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---|", columns.Count))}");
        foreach (var schedule in card.Schedules)
        {
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| `{schedule.Name}` | {string.Join(" | ", columns.Select(column => Cell(card.Find(column.Server.Name, column.Store, schedule.Name))))} |");
        }

        page.AppendLine().Append("In brackets: how often it was played. Of failures: in how many of the trials the fact was seen.");
        if (card.Rows.Any(IsShort))
        {
            page.Append(" With a dagger: played by `--quick`, with fewer trials and shorter outages.");
        }

        page.AppendLine().AppendLine();
    }

    private static string Cell(ScoreRow? row)
    {
        string cell = Wording.Cell(row?.Verdict);
        string dagger = row is not null && IsShort(row) ? "†" : string.Empty;
        return row?.Verdict.Outcome is Outcome.Failed ? $"**{cell}**{dagger}" : cell + dagger;
    }

    private static bool IsShort(ScoreRow row) => row is { Size: not Size.Full, Verdict.Outcome: not Outcome.NotApplicable };

    private static void Stories(StringBuilder page, Scorecard card)
    {
        page.AppendLine("## Schedules").AppendLine();
        page.AppendLine("| schedule | what happens | what a user might see of a failure |").AppendLine("|---|---|---|");
        foreach (var schedule in card.Schedules)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| `{schedule.Name}` | {schedule.Story} | {schedule.IfItFails} |");
        }

        page.AppendLine();
    }

    private static void Failures(StringBuilder page, Scorecard card)
    {
        page.AppendLine("## What was seen").AppendLine();
        page.AppendLine("| server | store | schedule | verdict | what a user sees of a failure, how it showed, and what was measured |")
            .AppendLine("|---|---|---|---|---|");
        var rows =
            from server in card.Servers
            from store in card.Stores
            from schedule in card.Schedules
            let row = card.Find(server.Name, store, schedule.Name)
            where row is { Verdict: { Outcome: not Outcome.Passed } or { Note: not null } or { Remarks.Count: > 0 } }
            select (server, store, schedule, row);
        foreach (var (server, store, schedule, row) in rows)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {server.Title} | {Wording.Of(store)} | `{schedule.Name}` | {Cell(row)} | {Words(row.Verdict)} |");
        }

        page.AppendLine();
    }

    private static string Words(Verdict verdict)
    {
        string[] parts =
        [
            verdict.Example ?? string.Empty,
            verdict.Remarks.Count > 0 ? $"beside it: {Wording.Facts(verdict.Remarks, verdict.Trials)}" : string.Empty,
            verdict.Note ?? string.Empty,
        ];
        string how = string.Join("; ", parts.Where(static part => part.Length > 0)).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
        return string.Join(' ', [.. verdict.Failures.Keys.Select(Wording.SeenOf), .. how.Length == 0 ? (string[])[] : [how]]);
    }

    private static void Configuration(StringBuilder page, Server server)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"## {server.Title}").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"{string.Join("; ", server.Versions)}.").AppendLine();
        foreach (string line in server.Configuration)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        page.AppendLine();
    }

    private static void Limits(StringBuilder page, Scorecard card)
    {
        page.AppendLine("## What this does not show").AppendLine();
        string[] limits =
        [
            "Schedules are examples: a pass means that the fact was not seen in so many trials, not that it can't happen. Races depend on the machine.",
            "Speed, memory and what a server costs to run.",
            "What a server is for beyond refreshing: OpenIddict is a framework for OAuth 2.0 and OpenID Connect servers with flows that the others lack; " +
            "MapIdentityApi is for apps that mostly use cookies.",
            "What an application can add to a peer in code of its own. Where one has a setting for what a schedule asks, its documentation's " +
            "recommendation or its default is used.",
            "That a second live token is a fault for everyone: a server that lets each tab go on by itself logs nobody out. It is counted since a thief's " +
            "copy then lives as long as its owner's.",
            "Theft by somebody who sends each token at the same moment as its owner and never alone: no server can tell the two apart.",
            "Deadlines of proxies, browsers' own retries, and clients that do something else than described above.",
            card.ClocksWereTold
                ? "Hours that really pass: time was told to the processes by libfaketime (wall clocks only), except for outages, kills and requests in flight."
                : "Schedules that need hours: libfaketime was not there to tell the clocks.",
        ];
        foreach (string limit in limits)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"- {limit}");
        }
    }
}
