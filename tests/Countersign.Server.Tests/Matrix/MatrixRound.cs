namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// One group of bad credentials against the routes that they could open: sends, checks each answer, and looks after every row whether anything was written.
/// </summary>
internal sealed class MatrixRound(MatrixServer server, string group) : IAsyncDisposable
{
    private readonly RawConnection _connection = new(server.Address);
    private readonly List<string> _faults = [];
    private readonly Dictionary<(int, string), string> _bodies = [];
    private DatabaseDigest _database = null!;
    private string _before = string.Empty;
    private int _rows;
    private int _cells;

    public static async Task<MatrixRound> BeginAsync(MatrixServer server, string group)
    {
        var round = new MatrixRound(server, group) { _database = await DatabaseDigest.OpenAsync(server.Database) };
        await round.RestartAsync();
        return round;
    }

    /// <summary>Takes the database as it is now for what it was before the next row.</summary>
    public async Task RestartAsync() => _before = await _database.TakeAsync();

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>Sends one cell.</summary>
    public async Task SendAsync(string row, RawCall call, Expected expected)
    {
        _cells++;
        var answer = await _connection.SendAsync(call);
        var fault = expected.FindFault(answer, call.Method, call.Target) ?? FindDifference(answer, call.Method);
        if (fault is not null)
        {
            _faults.Add($"{row} | {call.Method} {call.Target}: {fault} {answer.Body}");
        }
    }

    /// <summary>Ends a row: nothing but counters and audit may be different from before.</summary>
    /// <param name="row">Its name.</param>
    /// <param name="writes">The table that the row is allowed to change; null for none.</param>
    public async Task EndRowAsync(string row, string? writes = null)
    {
        _rows++;
        var after = await _database.TakeAsync();
        var changed = after.Split('\n').Except(_before.Split('\n'), StringComparer.Ordinal)
            .Where(line => writes is null || !Array.Exists(writes.Split(' '), line.StartsWith)).ToList();
        if (changed.Count > 0)
        {
            _faults.Add($"{row} | the database was written to: {string.Join("; ", changed)}");
        }

        _before = after;
    }

    /// <summary>Reports, and fails if one cell is not as it must be.</summary>
    public void End(ITestOutputHelper output)
    {
        output.WriteLine(server.Report.Add(group, _rows, _cells, _cells - _faults.Count));
        Assert.True(_cells > 0, "No cell was tried.");
        Assert.True(_faults.Count == 0, $"{_faults.Count} of {_cells} cells:\n{string.Join('\n', _faults.Take(60))}");
    }

    /// <summary>Whatever the cause, and whatever the route: one code is one body, to the byte.</summary>
    private string? FindDifference(RawAnswer answer, string method)
    {
        if (method == "HEAD")
        {
            return null;
        }

        var key = (answer.Status, answer.Code!);
        if (_bodies.TryAdd(key, answer.Body) || _bodies[key] == answer.Body)
        {
            return null;
        }

        return $"a body that differs from {_bodies[key]}:";
    }
}
