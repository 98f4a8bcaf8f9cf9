using System.Globalization;

namespace Countersign.LoadGenerator;

/// <summary>What was asked for, within bounds: a load has an end, and does not grow without one.</summary>
/// <param name="Address">The server.</param>
/// <param name="ServerProcess">Its process, whose memory is read.</param>
/// <param name="Duration">Of each phase.</param>
/// <param name="SteadyPerSecond">Authorised requests a second.</param>
/// <param name="JsonFile">Where the result goes besides; null for nowhere.</param>
internal sealed record Arguments(Uri Address, int ServerProcess, TimeSpan Duration, int SteadyPerSecond, string? JsonFile)
{
    private const int DefaultSeconds = 30;
    private const int DefaultRate = 200;

    /// <summary>Null when it makes no sense.</summary>
    public static Arguments? TryParse(string[] arguments)
    {
        if (arguments is not ["login-flood", .. var rest] || rest.Length % 2 != 0)
        {
            return null;
        }

        var values = rest.Chunk(2).ToLookup(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
        string[] known = ["--url", "--server", "--seconds", "--rate", "--json"];
        return values.All(option => known.Contains(option.Key, StringComparer.Ordinal) && option.Count() == 1)
            && Uri.TryCreate(values["--url"].SingleOrDefault(), UriKind.Absolute, out var address)
            && address.IsLoopback
            && TryNumber(values["--server"].SingleOrDefault(), 1, int.MaxValue, out int process)
            && TryNumber(values["--seconds"].SingleOrDefault() ?? $"{DefaultSeconds}", 5, 600, out int seconds)
            && TryNumber(values["--rate"].SingleOrDefault() ?? $"{DefaultRate}", 1, 5000, out int rate)
            ? new Arguments(address, process, TimeSpan.FromSeconds(seconds), rate, values["--json"].SingleOrDefault())
            : null;
    }

    private static bool TryNumber(string? text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
}
