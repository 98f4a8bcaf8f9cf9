using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>
/// Requests made from the OpenAPI document and broken in every way that its schemas leave: no answer is a server error, every refusal has the form that all
/// have and repeats nothing, and what was refused has changed nothing. The server's log is looked through when it ends.
/// </summary>
public sealed class SchemaFuzzTests(SchemaFuzzTests.Server server, ITestOutputHelper output) : IClassFixture<SchemaFuzzTests.Server>
{
    private static readonly string[] Leaks = ["   at ", "Exception", "System.", "Microsoft.", "StackTrace", Repository.Root, ".cs:line"];

    /// <summary>What may pass for a refusal that the framework makes for an address or a method that no route has.</summary>
    private static readonly int[] Elsewhere = [200, 201, 204, 304, 400, 401, 404, 405, 409, 412, 413, 415];

    [Fact]
    public async Task EveryOperation_BrokenRequests_AreRefusedAndChangeNothing()
    {
        using var reader = new RawConnection(server.Address);
        var document = JsonElement.Parse((await reader.SendAsync(new RawCall("GET", "/openapi/v1.json"))).Body);
        var operations = FuzzOperation.ReadAll(document);
        var count = FuzzSeed.Requests(usual: 100, all: 500);
        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture, $"seed {FuzzSeed.Value}, {count} requests to each of {operations.Count} operations");
        List<string> faults = [];

        foreach (var operation in operations)
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"{operation}: {await TryAsync(operation, count, faults)}");
        }

        output.WriteLine(report.ToString());
        await Artifacts.WriteAsync("fuzz.txt", report.ToString());
        Assert.True(operations.Count >= 20, "The document lacks operations.");
        Assert.True(
            faults.Count == 0,
            $"seed {FuzzSeed.Value}: {faults.Count} faults\n{string.Join('\n', faults.DistinctBy(static fault => fault.Split(" | ")[0]).Take(40))}");
    }

    private async Task<string> TryAsync(FuzzOperation operation, int count, List<string> faults)
    {
        using var account = await server.LoggedInAsync();
        using var connection = new RawConnection(server.Address);
        await using var database = await DatabaseDigest.OpenAsync(server.Database);
        var requests = new FuzzRequests(operation, account, FuzzSeed.Value);
        var statuses = new SortedDictionary<int, int>();
        var before = await CountsAsync(database);
        var (registered, loggedIn, written) = (0, 0, false);
        for (var number = 0; number < count; number++)
        {
            var (call, marker, isOwn) = requests.Make();
            var answer = await connection.SendAsync(call);
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            if (FindFault(operation, call, answer, marker, isOwn) is { } fault)
            {
                faults.Add($"{operation}: {fault} | request {number}: {Show(call)} -> {answer.Status} {answer.Body[..Math.Min(answer.Body.Length, 300)]}");
            }

            registered += answer.Status == 201 ? 1 : 0;
            written |= answer.Status is > 200 and < 300 || (answer.Status == 200 && operation.Method != "GET");
            var isLogin = answer.Status == 200
                && answer.Body.Contains("\"access_token\"", StringComparison.Ordinal)
                && call.Target.Contains("/login", StringComparison.Ordinal);
            loggedIn += isLogin ? 1 : 0;
            if (answer.Status is 200 or 204 && operation.Path.Contains("log", StringComparison.Ordinal) && (await account.MeAsync()).Status != 200)
            {
                // The session is over: a new one, so that what follows is tried with a token that is good.
                await account.LogInAsync();
                loggedIn++;
            }
        }

        var after = await CountsAsync(database);
        if ((after.Accounts, after.Sessions) != (before.Accounts + registered, before.Sessions + loggedIn)
            || (!written && loggedIn == 0 && after.Digest != before.Digest))
        {
            faults.Add($"{operation}: the database was written to | {before} {after} {registered} {loggedIn}");
        }

        return string.Join(", ", statuses.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} x {pair.Key}")));
    }

    private static string? FindFault(FuzzOperation operation, RawCall call, RawAnswer answer, string marker, bool isOwn)
    {
        if (answer.Status >= 500)
        {
            return $"status {answer.Status}";
        }

        if (IsOfTheFramework(call, answer))
        {
            return null;
        }

        if (!(isOwn ? operation.Answers.Contains(Told(answer)) : Elsewhere.Contains(answer.Status)))
        {
            return $"{Told(answer)}, which nobody speaks of";
        }

        if (answer.Status < 400 || call.Method == "HEAD")
        {
            return null;
        }

        return answer.Body.Contains(marker, StringComparison.OrdinalIgnoreCase)
            || answer.Headers.Any(header => header.Value.Contains(marker, StringComparison.OrdinalIgnoreCase))
            ? "what was sent is repeated"
            : Leaks.FirstOrDefault(leak => answer.Body.Contains(leak, StringComparison.Ordinal)) is { } leaked ? $"the answer speaks of its inside: {leaked}"
            : FindFormFault(answer);
    }

    /// <summary>
    /// What has no document of ours by right: what a client has already (RFC 9110 §15.4.5), and an address that Kestrel takes for no address, and hangs up on,
    /// before anything of ours has seen it.
    /// </summary>
    private static bool IsOfTheFramework(RawCall call, RawAnswer answer) =>
        answer.Body.Length == 0
        && (answer.Status == 304
            || (answer.Status == 400 && call.Target.Contains("%00", StringComparison.Ordinal) && answer.Header("Connection") == "close"));

    /// <summary>An answer in the words of the document.</summary>
    private static string Told(RawAnswer answer) =>
        FuzzOperation.Answer(
            answer.Status.ToString(CultureInfo.InvariantCulture), answer.Header("Content-Type")?.Split(';')[0], answer.Status < 400 ? null : answer.Code);

    private static string? FindFormFault(RawAnswer answer)
    {
        var isProblem = answer.Header("Content-Type") is "application/problem+json"
            || (answer.Header("Content-Type") is "application/json" && answer.Json?.TryGetProperty("error", out _) is true);
        return !isProblem || answer.Json is not { } problem ? $"status {answer.Status} as {answer.Header("Content-Type") ?? "nothing"}"
            : answer.Code is not { } code || !File.Exists(Path.Combine(Repository.Root, "docs", "errors", $"{code}.md"))
            ? $"the code {answer.Code}, which has no page"
            : problem.GetProperty("status").GetInt32() != answer.Status || problem.GetProperty("type").GetString() != $"/errors/{code}"
            ? "a document that contradicts itself"
            : answer.Header("Cache-Control") != "no-store" ? "a refusal that may be kept"
            : null;
    }

    private static string Show(RawCall call)
    {
        var text = Encoding.Latin1.GetString(call.Write());
        return text[..Math.Min(text.Length, 700)].Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    private async Task<(long Accounts, long Sessions, string Digest)> CountsAsync(DatabaseDigest database) => (
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM AspNetUsers"),
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM countersign_sessions"),
        await database.TakeAsync());

    /// <summary>Nothing here may be refused for coming too often: what is refused is to be refused for what it is.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } =
            Settings(("Auth__Passwords__MaxPerAccount", "100"), ("Auth__Lockout__MaxFailedAttempts", "100"), ("Auth__Sessions__MaxPerUser", "1000"));
    }
}
