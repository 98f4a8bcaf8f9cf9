namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>
/// Searches every schedule of honest clients for one that logs somebody out for nothing, with the real rule. Where it finds one, two things went wrong at
/// once, or a message travelled for longer than the grace while its store refreshed twice (H9, H11, S9), or a client repeated an old token (S10).
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    /// <summary>
    /// Environment; verdict ("-": none in any schedule; otherwise the kind's letter and the length of the shortest schedule); states where all were searched.
    /// </summary>
    public static TheoryData<string, string, int> RealRule => new()
    {
        { "H1", "-", 3_779 },
        { "H2", "-", 93_157 },
        { "H3", "-", 10_753 },
        { "H4", "-", 10_417 },
        { "H5", "-", 15_325 },
        { "H6", "-", 5_611 },
        { "H7", "-", 4_111 },
        { "H8", "-", 1_439 },
        { "H9", "k16", 0 },
        { "H10", "-", 9_111 },
        { "H11", "k16", 0 },
        { "H12", "-", 26_235 },
        { "H13", "-", 2_198 },
        { "H14", "-", 9_453 },
        { "H15", "-", 24_063 },
        { "H16", "u18", 0 },
        { "H17", "k21", 0 },
        { "H18", "k18", 0 },
        { "H19", "-", 515_497 },
        { "S1", "-", 73_492 },
        { "S2", "-", 89_371 },
        { "S3", "-", 73_492 },
        { "S4", "-", 73_585 },
        { "S5", "-", 23_069 },
        { "S6", "-", 32_175 },
        { "S7", "-", 15_972 },
        { "S8", "-", 32_910 },
        { "S9", "k24", 0 },
        { "S10", "k11", 0 },
    };

    [Theory]
    [MemberData(nameof(RealRule))]
    public void Search_RealRule_LogsOutOnlyWhereTheDesignSaysSo(string id, string verdict, int states)
    {
        var result = Search(ModelEnvironments.Find(id));

        Assert.Equal(verdict, result.Verdict);
        Assert.InRange(result.MostAcceptable, 2, 3);
        if (result.Logout == FalseLogout.None)
        {
            Assert.Equal(states, result.States);
        }
    }

    /// <summary>A refresh key that is revoked in the middle of any schedule changes no decision, and so no verdict.</summary>
    [Theory]
    [InlineData("H2")]
    [InlineData("H5")]
    [InlineData("H13")]
    [InlineData("S5")]
    public void Search_KeyOfTheRowRevoked_LogsNobodyOut(string id)
    {
        var result = Search(ModelEnvironments.Find(id), new(Mutation.RevokedKey));

        Assert.Equal(FalseLogout.None, result.Logout);
        Assert.Equal(RealRule.Single(row => row.Data.Item1 == id).Data.Item3, result.States);
    }

    public static TheoryData<string> LargeNames => [.. ModelEnvironments.Large.Select(environment => environment.Name)];

    /// <summary>They take a minute and a gigabyte together.</summary>
    [Theory]
    [Trait(Suite.Name, Suite.All)]
    [MemberData(nameof(LargeNames))]
    public void Search_RealRuleInLargeEnvironments_LogsNobodyOut(string name) =>
        Assert.Equal("-", Search(ModelEnvironments.Large.Single(environment => environment.Name == name)).Verdict);

    /// <summary>What is taken out, where the search must notice it, the verdict there.</summary>
    public static TheoryData<Mutation, string, string> Mutations => new()
    {
        { Mutation.NoMinimumRotationInterval, "H2", "k9" },
        { Mutation.NoMinimumRotationInterval, "H14", "u11" },
        { Mutation.NoLostAnswer, "H6", "k11" },
        { Mutation.NoLostAnswer, "H13", "k7" },
        { Mutation.NoLostAnswer, "H12", "k10" },
        { Mutation.NoDisplacedChild, "H5", "k21" },
        { Mutation.NoDisplacedChild, "S5", "k16" },
        { Mutation.NoDisplacedChild, "S6", "k20" },
    };

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Search_PartOfTheTableMissing_FindsAFalseLogout(Mutation mutation, string id, string verdict) =>
        Assert.Equal(verdict, Search(ModelEnvironments.Find(id), new(mutation)).Verdict);

    [Theory]
    [InlineData("S1", "k24")]
    [InlineData("S2", "k24")]
    [InlineData("S3", "k24")]
    [InlineData("S4", "k24")]
    [InlineData("H12", "k18")]
    public void Search_DecidedAgainAfterASlowCommit_FindsAFalseLogout(string id, string verdict) =>
        Assert.Equal(verdict, Search(ModelEnvironments.Find(id), new(SlowCommit: SlowCommit.DecideAgain)).Verdict);

    [Theory]
    [InlineData("S1", "k23")]
    [InlineData("S4", "k23")]
    public void Search_AnsweredLateAfterASlowCommit_FindsAFalseLogout(string id, string verdict) =>
        Assert.Equal(verdict, Search(ModelEnvironments.Find(id), new(SlowCommit: SlowCommit.AnswerLate)).Verdict);

    [Theory]
    [InlineData("S1", "-")]
    [InlineData("S2", "k27")]
    [InlineData("S3", "u27")]
    [InlineData("S4", "u27")]
    public void Search_RefusedAfterASlowCommit_HarmsClientsThatDoNotReadTheirStore(string id, string verdict) =>
        Assert.Equal(verdict, Search(ModelEnvironments.Find(id), new(SlowCommit: SlowCommit.Refuse)).Verdict);

    [Theory]
    [InlineData("S1", "k23")]
    [InlineData("S4", "k23")]
    public void Search_NoBoundOnWaiting_FindsAFalseLogout(string id, string verdict) =>
        Assert.Equal(verdict, Search(ModelEnvironments.Find(id), new(WaitsForever: true)).Verdict);

    private ModelResult Search(ModelEnvironment environment, ModelVariant? variant = null)
    {
        var result = ModelSearch.Run(environment, variant);
        output.WriteLine(result.Describe(environment.Name));
        return result;
    }
}
