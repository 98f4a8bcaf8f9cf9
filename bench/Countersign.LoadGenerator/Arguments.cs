using System.Globalization;

namespace Countersign.LoadGenerator;

/// <summary>The parsed command line. All values are limited, so that a load ends.</summary>
/// <param name="Command">The measurement.</param>
/// <param name="Address">The server.</param>
/// <param name="ServerProcess">The server's process, whose memory is read.</param>
/// <param name="Database">The server's database file.</param>
/// <param name="Duration">The duration of each phase of the flood.</param>
/// <param name="SteadyPerSecond">Authorised requests a second beside the flood.</param>
/// <param name="Samples">Logins of each class of the timing.</param>
/// <param name="JsonFile">A file for the result; null for none.</param>
internal sealed record Arguments(
    string Command, Uri Address, int ServerProcess, string Database, TimeSpan Duration, int SteadyPerSecond, int Samples, string? JsonFile)
{
    public const string LoginFlood = "login-flood";
    public const string LoginTiming = "login-timing";
    public const string Usage =
        $"usage: Countersign.LoadGenerator {LoginFlood}|{LoginTiming} --url URL --server PID --database FILE [--seconds 5..600] [--rate 1..5000] [--samples " +
        "1..10000] [--json FILE]";

    private static readonly string[] Known = ["--url", "--server", "--database", "--seconds", "--rate", "--samples", "--json"];

    /// <summary>Parses the command line. Null if it is wrong.</summary>
    public static Arguments? TryParse(string[] arguments)
    {
        if (arguments is not [LoginFlood or LoginTiming, .. var rest] || rest.Length % 2 != 0)
        {
            return null;
        }

        var values = rest.Chunk(2).ToLookup(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
        return values.All(static option => Known.Contains(option.Key, StringComparer.Ordinal) && option.Count() == 1)
            && Uri.TryCreate(Value("--url"), UriKind.Absolute, out var address)
            && address.IsLoopback
            && Value("--database") is { } database
            && TryNumber(Value("--server"), 1, int.MaxValue, out int process)
            && TryNumber(Value("--seconds") ?? "30", 5, 600, out int seconds)
            && TryNumber(Value("--rate") ?? "200", 1, 5000, out int rate)
            && TryNumber(Value("--samples") ?? "200", 1, 10_000, out int samples)
            ? new Arguments(arguments[0], address, process, database, TimeSpan.FromSeconds(seconds), rate, samples, Value("--json"))
            : null;

        string? Value(string option) => values[option].SingleOrDefault();
    }

    private static bool TryNumber(string? text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
}
