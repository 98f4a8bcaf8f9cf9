using Countersign.Conformance.Nodes;
using Countersign.Conformance.Nodes.Proxying;
using Countersign.Conformance.Reports;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Tests;

public sealed class VerdictTests
{
    private static readonly HashSet<Fact> Rule = [Fact.FalseLogout, Fact.Hang];

    [Fact]
    public void Of_NoFacts_Passes()
    {
        var verdict = Verdict.Of([new Evidence(), new Evidence()], Rule, "note");

        Assert.Equal(Outcome.Passed, verdict.Outcome);
        Assert.Equal("pass (2)", Wording.Cell(verdict));
    }

    [Fact]
    public void Of_NoTrials_Fails() => Assert.Equal(Outcome.Failed, Verdict.Of([], Rule, null).Outcome);

    [Fact]
    public void Of_HarmThatWasNotDone_FailsAndSaysSo()
    {
        var verdict = Verdict.Of([new Evidence(), new Evidence()], Rule, "note", "no kill was at the point");

        Assert.Equal(Outcome.Failed, verdict.Outcome);
        Assert.Equal("no kill was at the point", verdict.Example);
        Assert.Equal("FAIL: shows nothing", Wording.Cell(verdict));
    }

    [Theory]
    [InlineData(12, 12, true)]
    [InlineData(11, 12, false)]
    [InlineData(0, 12, false)]
    [InlineData(0, 0, false)]
    public void MissedAt_KillsAtThePoint_MustBeAll(int sprung, int kills, bool isEnough) =>
        Assert.Equal(isEnough, CrashSchedules.MissedAt(KillPoint.AfterCommit, sprung, kills) is null);

    [Fact]
    public void RefreshWrites_OfAllServers_IsDeniedByTheOneThatKeepsNothing() =>
        Assert.Equal(
            ["MapIdentityApi"],
            new Servers.Server[] { new CountersignServer(""), new MapIdentityApiServer(""), new OpenIddictServer("") }
                .Where(static server => !server.RefreshWrites).Select(static server => server.Title));

    [Fact]
    public void Of_OneTrialWithAFactOfTheRule_FailsAndCountsItOnce()
    {
        var bad = new Evidence();
        bad.Note(Fact.FalseLogout, "first");
        bad.Note(Fact.FalseLogout, "second");

        var verdict = Verdict.Of([new Evidence(), bad], Rule, null);

        Assert.Equal(Outcome.Failed, verdict.Outcome);
        Assert.Equal("first", verdict.Example);
        Assert.Equal("FAIL: false logout 1/2", Wording.Cell(verdict));
    }

    [Fact]
    public void Of_FactOfAnotherRule_IsARemark()
    {
        var trial = new Evidence();
        trial.Note(Fact.TwoLiveBranches, "seen");

        var verdict = Verdict.Of([trial], Rule, null);

        Assert.Equal(Outcome.Passed, verdict.Outcome);
        Assert.Equal(1, verdict.Remarks[Fact.TwoLiveBranches]);
    }

    [Theory]
    [InlineData(200, ReplyKind.Good)]
    [InlineData(204, ReplyKind.Good)]
    [InlineData(400, ReplyKind.Refused)]
    [InlineData(401, ReplyKind.Refused)]
    [InlineData(429, ReplyKind.Refused)]
    [InlineData(500, ReplyKind.Fault)]
    [InlineData(503, ReplyKind.Unavailable)]
    [InlineData(504, ReplyKind.Fault)]
    public void KindOf_Status_IsWhatAClientTakesItFor(int status, object kind) => Assert.Equal((ReplyKind)kind, Reply.KindOf(status));

    [Theory]
    [InlineData(ReplyKind.Good, null)]
    [InlineData(ReplyKind.Refused, Fact.FalseLogout)]
    [InlineData(ReplyKind.Unavailable, null)]
    [InlineData(ReplyKind.Lost, null)]
    [InlineData(ReplyKind.Fault, Fact.ServerFault)]
    [InlineData(ReplyKind.Hung, Fact.Hang)]
    public void Expect_Reply_NotesWhatIsWrongWithIt(object kind, object? fact)
    {
        var evidence = new Evidence();

        evidence.Expect(new Reply { Kind = (ReplyKind)kind }, Fact.FalseLogout, "now");

        Assert.Equal(fact is null ? [] : [(Fact)fact], evidence.Facts.Keys);
    }

    [Fact]
    public void ReadRows_OfAWrittenCard_AreTheSame()
    {
        var bad = new Evidence();
        bad.Note(Fact.FalseLogout, "400 session_ahead");
        ScoreRow[] rows =
        [
            new("countersign", StoreKind.Sqlite, "two-tabs", Verdict.Of([new Evidence(), bad], Rule, "note"), TimeSpan.FromSeconds(1.5), Size.Full),
            new("countersign", StoreKind.PostgreSql, "two-tabs", Verdict.NotApplicable("why"), TimeSpan.Zero, Size.Quick),
        ];
        var card = new Scorecard([], [], [], rows, Seed: 1, IsResumed: false, ClocksWereTold: true, DateTimeOffset.UnixEpoch);

        var read = JsonReport.ReadRows(JsonReport.Write(card));

        Assert.Equal(rows.Select(TableReport.Line), read.Select(TableReport.Line));
        Assert.Equal(rows.Select(static row => row.Size), read.Select(static row => row.Size));
    }

    [Fact]
    public void Wording_EveryFact_HasWords() => Assert.All(Enum.GetValues<Fact>(), static fact =>
    {
        Assert.NotEmpty(Wording.Of(fact));
        Assert.NotEmpty(Wording.SeenOf(fact));
    });
}
