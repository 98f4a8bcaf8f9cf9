namespace Countersign.TestSupport;

/// <summary>Which of the two suites runs: <c>./test</c>, or <c>./test --all</c> with more tests and larger counts.</summary>
public static class Suite
{
    /// <summary>The name of the trait by which a test belongs to <c>./test --all</c> alone: <c>[Trait(Suite.Name, Suite.All)]</c>.</summary>
    public const string Name = "Suite";

    /// <summary>The only value of the trait.</summary>
    public const string All = "All";

    /// <summary>What <c>./test --all</c> sets, to <c>all</c>.</summary>
    public const string Variable = "COUNTERSIGN_SUITE";

    private static bool IsAll { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => false,
        "all" => true,
        var other => throw new InvalidOperationException($"{Variable} is '{other}'. Set it to 'all', or leave it out."),
    };

    /// <summary>How often a test tries something.</summary>
    /// <param name="usual">The number for <c>./test</c>.</param>
    /// <param name="all">The number for <c>./test --all</c>.</param>
    public static int Count(int usual, int all) => IsAll ? all : usual;
}
