using System.Collections.Frozen;
using Countersign.Conformance.Nodes.Proxying;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Schedules;

/// <summary>Every schedule, in the order of the report.</summary>
internal static class Catalogue
{
    /// <summary>What fails any schedule.</summary>
    private static readonly Fact[] Always = [Fact.ServerFault, Fact.Hang];

    public static IReadOnlyList<Schedule> All { get; } =
    [
        new("two-tabs", "Two tabs of one browser refresh at the same moment with the same token.",
            "With two tabs open, one is thrown to the login page; or a copy of the losing tab's token stays good for as long as the session lives.",
            Needs.Time, Rule(Fact.FalseLogout, Fact.TwoLiveBranches), TabSchedules.TwoTabsAsync),
        new("n-tabs-reloading", "Five tabs are reloaded again and again; one request in three is broken off.",
            "Someone who reloads impatiently is logged out.",
            Needs.Time, Rule(Fact.FalseLogout), TabSchedules.ManyTabsAsync),
        new("lost-answer-at-once", "The answer to a refresh is lost, and the client asks again at once with the token that it has.",
            "A short break of the network logs out.",
            Needs.Time, Rule(Fact.FalseLogout), ReplaySchedules.LostAnswer(TimeSpan.Zero)),
        new("lost-answer-in-grace", "The same, 10 s later.",
            "A train in a tunnel logs out.",
            Needs.Time, Rule(Fact.FalseLogout), ReplaySchedules.LostAnswer(TimeSpan.FromSeconds(10))),
        new("lost-answer-after-grace", "The same, two minutes later: a phone that slept over its answer.",
            "A phone that slept at the wrong moment is logged out.",
            Needs.Time, Rule(Fact.FalseLogout), ReplaySchedules.LostAnswer(TimeSpan.FromMinutes(2))),
        new("parent-replayed", "A tab sends the token that another tab has used 10 s before.",
            "A tab that wakes up is thrown to the login page; or its old token becomes a second life of the session.",
            Needs.Time, Rule(Fact.FalseLogout, Fact.TwoLiveBranches), ReplaySchedules.ParentAsync),
        new("grandparent-replayed", "A token two generations back comes again, over half an hour later.",
            "An old copy of a token, from a backup or a log, opens the account.",
            Needs.ToldClock, Rule(Fact.RevivedToken), ReplaySchedules.GrandparentAsync),
        new("thief-first", "A thief uses a copied token before its owner does, then waits.",
            "A thief keeps the account, and nobody notices.",
            Needs.ToldClock, Rule(Fact.ThiefUndetected), ThiefSchedules.ThiefFirstAsync),
        new("victim-first", "A thief uses a copied token two minutes after its owner did, then waits.",
            "A thief keeps the account, and nobody notices.",
            Needs.ToldClock, Rule(Fact.ThiefUndetected), ThiefSchedules.VictimFirstAsync),
        new("alternating-thief", "Thief and owner refresh in turns, minutes apart.",
            "A thief keeps the account, and nobody notices.",
            Needs.ToldClock, Rule(Fact.ThiefUndetected), ThiefSchedules.AlternatingAsync),
        new("shadowing-thief", "A thief refreshes seconds after the owner, and then whenever its own access token ends.",
            "A thief who hides in the grace keeps the account.",
            Needs.ToldClock, Rule(Fact.ThiefUndetected), ThiefSchedules.ShadowingAsync),
        new("reordered-answers", "The answer that was sent first arrives last, and overwrites a newer one.",
            "A slow network logs out.",
            Needs.Time, Rule(Fact.FalseLogout), TabSchedules.ReorderedAnswersAsync),
        new("two-nodes", "Four requests to each of two nodes at once, all with one token.",
            "Behind a load balancer tabs log each other out, or a session gets two lives.",
            Needs.Time | Needs.TwoNodes, Rule(Fact.FalseLogout, Fact.TwoLiveBranches), TabSchedules.TwoNodesAsync),
        new("kill-at-any-moment", "The server is killed (SIGKILL) at a random moment under refreshes, and started again.",
            "A crash or a deployment logs people out, or logs out people in again.",
            Needs.File, Rule(Fact.LostSession, Fact.RevivedToken), CrashSchedules.AnyMomentAsync),
        new("kill-before-write", "The server is killed before its first write reaches the database.",
            "A crash logs people out.",
            Needs.Proxy, Rule(Fact.LostSession, Fact.RevivedToken), CrashSchedules.At(KillPoint.BeforeWrite)),
        new("kill-before-commit", "The server is killed after the write, before the commit reaches the database.",
            "A crash logs people out.",
            Needs.Proxy, Rule(Fact.LostSession, Fact.RevivedToken), CrashSchedules.At(KillPoint.BeforeCommit)),
        new("kill-after-commit", "The server is killed when the database has committed, before it learns of it.",
            "A crash logs people out.",
            Needs.Proxy, Rule(Fact.LostSession, Fact.RevivedToken), CrashSchedules.At(KillPoint.AfterCommit)),
        new("database-restart", "The database is restarted under refreshes.",
            "Maintenance of the database logs people out, or shows them errors that tell no app to come back.",
            Needs.DatabaseProcess, Rule(Fact.LostSession), DatabaseSchedules.RestartAsync),
        new("database-away", "The database is away for two minutes under refreshes.",
            "An outage logs people out, or shows them errors that tell no app to come back.",
            Needs.Proxy, Rule(Fact.LostSession), DatabaseSchedules.AwayAsync),
        new("restored-backup", "A backup is restored; clients have refreshed once since it was made.",
            "A restore logs out everybody who was active.",
            Needs.ToldClock, Rule(Fact.LostSession), DatabaseSchedules.Restored(1, isSaid: false)),
        new("restored-backup-late", "The same, three refreshes after the backup; the operator tells the server, where it has a setting for that.",
            "A restore logs out everybody who was active.",
            Needs.ToldClock, Rule(Fact.LostSession), DatabaseSchedules.Restored(3, isSaid: true)),
        new("clock-jump", "The server's clock jumps two hours ahead, back, two hours behind, back.",
            "A wrong clock logs people out, though it is set right again.",
            Needs.ToldClock, Rule(Fact.FalseLogout), ClockSchedules.JumpAsync),
        new("logout-racing-refresh", "Logout and refresh of one session at the same moment.",
            "Someone logs out, and the session lives on.",
            Needs.LogOut, Rule(Fact.RevivedToken, Fact.LingeringAccess), EndSchedules.LogOutAsync),
        new("password-racing-refresh", "The password is changed while the session is refreshed.",
            "Someone changes the password to throw a thief out, and the thief stays: for as long as an access token lives, or for good.",
            Needs.None, Rule(Fact.RevivedToken, Fact.LingeringAccess), EndSchedules.ChangePasswordAsync),
    ];

    private static FrozenSet<Fact> Rule(params Fact[] facts) => [.. facts, .. Always];
}
