using System.Globalization;
using System.Text;

namespace Countersign.Server.Tests.Matrix;

/// <summary>Counts the cells, for whoever reads the results.</summary>
internal sealed class MatrixReport
{
    private readonly List<(string Group, int Rows, int Cells, int Refused)> _groups = [];

    /// <summary>Notes what a round has come to.</summary>
    /// <param name="group">What was tried.</param>
    /// <param name="rows">How many bad credentials.</param>
    /// <param name="cells">How many requests with them.</param>
    /// <param name="refused">How many of those were refused as they should be.</param>
    public string Add(string group, int rows, int cells, int refused)
    {
        _groups.Add((group, rows, cells, refused));
        return Line(group, rows, cells, refused);
    }

    /// <summary>Writes the artefact.</summary>
    public Task WriteAsync(IReadOnlyList<Operation> operations)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{operations.Count} routes");
        foreach (var operation in operations)
        {
            var own = AnonymousRoutes.All.TryGetValue(operation.ToString(), out var route)
                ? $"anonymous, asks for {route.Takes}: {route.Reason}"
                : "not reviewed";
            text.AppendLine(CultureInfo.InvariantCulture, $"  {operation}: {(operation.RequiresLogin ? "bearer" : own)}");
        }

        text.AppendLine();
        foreach (var (group, rows, cells, refused) in _groups)
        {
            text.AppendLine(Line(group, rows, cells, refused));
        }

        text.AppendLine(Line("in all", _groups.Sum(static one => one.Rows), _groups.Sum(static one => one.Cells), _groups.Sum(static one => one.Refused)));
        return Artifacts.WriteAsync("matrix.txt", text.ToString());
    }

    private static string Line(string group, int rows, int cells, int refused) =>
        string.Create(CultureInfo.InvariantCulture, $"{group}: {rows} bad credentials, {cells} cells, {refused} refused as specified");
}
