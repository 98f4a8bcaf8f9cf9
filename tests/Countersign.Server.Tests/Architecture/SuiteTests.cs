using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Architecture;

/// <summary>No test is lost between <c>./test</c> and <c>./test --all</c>, and none ends its wait too soon on a busy machine.</summary>
public sealed partial class SuiteTests
{
    private static readonly string Filter = $"-trait- {Suite.Name}={Suite.All}";

    private static IEnumerable<string> Projects =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests"), "*.Tests").Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    private static IEnumerable<(string Name, string Text)> Sources => Projects
        .Concat(["Countersign.TestServer", "Countersign.StoreSpecification"])
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Where(file => Path.GetFileName(file) != $"{nameof(SuiteTests)}.cs")
        .Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file)));

    [Fact]
    public async Task Plan_All_RunsEveryProjectAndLeavesNothingOut()
    {
        var plan = await PlanAsync("--all");

        Assert.Equal(Projects, plan.Select(static line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(plan, static line => Assert.Contains($"{Suite.Variable}=all", line, StringComparison.Ordinal));
        Assert.All(plan, static line => Assert.DoesNotContain("-trait", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_Usual_RunsEveryProjectAndLeavesOutTheTraitAlone()
    {
        var plan = await PlanAsync();

        Assert.Equal(Projects, plan.Select(static line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(plan, static line => Assert.EndsWith($"{Suite.Variable}= {Filter}", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--all")]
    [InlineData("--plan")]
    public async Task Plan_Words_SelectProjectsWithEitherSuite(string option) =>
        Assert.Equal(
            ["Countersign.Tokens.Aot.Tests", "Countersign.Tokens.Differential.Tests", "Countersign.Tokens.Tests"],
            (await PlanAsync(option, "Tokens")).Select(static line => line.Split(' ')[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void ContinuousIntegration_RunsTheLargerSuite() =>
        Assert.Contains("/../test\" --all \"$@\"", File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run")), StringComparison.Ordinal);

    [Fact]
    public void Traits_OfAllTests_AreTheOneThatTheSuitesKnow()
    {
        var traits = Sources.SelectMany(static source => AnyTrait().Matches(source.Text).Select(match => (source.Name, match.Value))).ToList();

        Assert.NotEmpty(traits);
        Assert.All(traits, static trait => Assert.True(trait.Value == "[Trait(Suite.Name, Suite.All)]", $"{trait.Name}: {trait.Value}"));
    }

    /// <summary>A test that a variable of its own switches on is skipped by everybody who does not know the variable.</summary>
    [Fact]
    public void Variables_OfTheScriptAndOfSkips_AreNoThirdWayToChooseTests()
    {
        var exported = Regex.Matches(
            File.ReadAllText(Path.Combine(Repository.Root, "test")), "COUNTERSIGN_[A-Z_]+", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Equal(
            ["COUNTERSIGN_POSTGRESQL", Suite.Variable],
            exported.Select(static match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        Assert.Empty(Sources.SelectMany(static source => SkipByVariable().Matches(source.Text).Select(match => $"{source.Name}: {match.Value}")));
    }

    [Fact]
    public void Waits_OfAllTests_HaveTheSharedPatience()
    {
        var waits = Sources.SelectMany(static source => ImpatientWait().Matches(source.Text).Select(match => $"{source.Name}: {match.Value}"));

        Assert.Empty(waits);
    }

    private static async Task<IReadOnlyList<string>> PlanAsync(params string[] arguments)
    {
        var plan = new ProcessCommand([Path.Combine(Repository.Root, "test"), "--plan", .. arguments]);
        var (exitCode, output, _) = await plan.RunAsync(patience: Patience.Limit);
        Assert.True(exitCode == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"\[Trait\([^\]]*\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyTrait();

    [GeneratedRegex(@"Skip(Unless|When)\([^\n]*GetEnvironmentVariable", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SkipByVariable();

    // A wait of milliseconds is one that a test means to see end; one of seconds or minutes is a limit on something that must happen.
    [GeneratedRegex(
        @"NetworkIdle|
          WaitForExit\(\d[^)]*\)|
          CancelAfter\(TimeSpan[^)]*\)|
          (WaitAsync|new\ CancellationTokenSource)\(TimeSpan\.From(Seconds|Minutes)[^)]*\)|
          SpinUntil\([^\n]*TimeSpan\.From(Seconds|Minutes)[^)]*\)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ImpatientWait();
}
