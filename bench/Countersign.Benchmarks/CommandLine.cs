namespace Countersign.Benchmarks;

/// <summary>The parsed command line.</summary>
internal sealed record CommandLine(string Suite, bool IsQuick, string? JsonFile)
{
    /// <summary>Parses the command line. Null if it is wrong.</summary>
    public static CommandLine? TryParse(string[] arguments, IEnumerable<string> suites)
    {
        if (arguments is not [var suite, .. var rest] || !suites.Contains(suite, StringComparer.Ordinal))
        {
            return null;
        }

        var parsed = new CommandLine(suite, IsQuick: false, JsonFile: null);
        while (rest is not [])
        {
            switch (rest)
            {
                case ["--quick", .. var others]:
                    parsed = parsed with { IsQuick = true };
                    rest = others;
                    break;
                case ["--json", var file, .. var others]:
                    parsed = parsed with { JsonFile = file };
                    rest = others;
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }
}
