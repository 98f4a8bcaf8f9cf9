using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Harness;

namespace Countersign.Reliability.Results;

/// <summary>The result of one run: what it did, what must hold, and what went wrong in words.</summary>
internal sealed class RunResult(string name, string store)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<(string Name, double Value)> _facts = [];
    private readonly List<Verdict> _verdicts = [];
    private readonly List<string> _findings = [];

    /// <summary>Whether everything that must hold did hold.</summary>
    public bool Holds => _verdicts.Count > 0 && _verdicts.TrueForAll(static verdict => verdict.Holds);

    /// <summary>What did not hold.</summary>
    public string Failures => string.Join(
        "; ",
        [
            .. _verdicts.Where(static verdict => !verdict.Holds).Select(static verdict => $"{verdict.What}: {Number(verdict.Value)}, not {verdict.Limit}"),
            .. _findings
        ]);

    /// <summary>Adds something that was done or measured.</summary>
    public void Fact(string what, double value) => _facts.Add((what, value));

    /// <summary>Adds median, 99th percentile and maximum of some milliseconds.</summary>
    public void Percentiles(string what, IReadOnlyCollection<double> milliseconds)
    {
        Fact($"{what}: p50, ms", Statistics.Percentile(milliseconds, 50));
        Fact($"{what}: p99, ms", Statistics.Percentile(milliseconds, 99));
        Fact($"{what}: max, ms", Statistics.Percentile(milliseconds, 100));
    }

    /// <summary>Adds something that must not happen: each instance is a finding.</summary>
    public void None(string what, IReadOnlyCollection<string> instances)
    {
        _verdicts.Add(new Verdict(what, instances.Count, "0", instances.Count == 0));
        _findings.AddRange(instances.Take(10).Select(instance => $"{what}: {instance}"));
    }

    /// <summary>Adds a value with an upper limit.</summary>
    public void AtMost(string what, double value, double limit) => _verdicts.Add(new Verdict(what, value, $"at most {Number(limit)}", value <= limit));

    /// <summary>Adds a value with a lower limit. Such a value also shows that a run did its work.</summary>
    public void AtLeast(string what, double value, double limit) => _verdicts.Add(new Verdict(what, value, $"at least {Number(limit)}", value >= limit));

    /// <summary>Adds a value that must be exact.</summary>
    public void Exactly(string what, double value, double expected) =>
        _verdicts.Add(new Verdict(what, value, Number(expected), Math.Abs(value - expected) < 1e-9));

    public void Print(TextWriter output)
    {
        output.WriteLine($"{name}, {store}");
        foreach (var (what, value) in _facts)
        {
            output.WriteLine($"  {what,-62}{Number(value),14}");
        }

        foreach (var verdict in _verdicts)
        {
            output.WriteLine($"  {verdict.What,-62}{Number(verdict.Value),14}   {verdict.Limit,-18}{(verdict.Holds ? "holds" : "FAILS")}");
        }

        foreach (string finding in _findings)
        {
            output.WriteLine($"  ! {finding}");
        }
    }

    /// <summary><c>{"name", "store", "holds", "facts": {…}, "verdicts": [{"what", "value", "limit", "holds"}], "findings": […]}</c>.</summary>
    public JsonObject ToJson(string machine)
    {
        var facts = new JsonObject();
        foreach (var (what, value) in _facts)
        {
            facts[what] = Rounded(value);
        }

        return new JsonObject
        {
            ["name"] = name,
            ["store"] = store,
            ["machine"] = machine,
            ["holds"] = Holds,
            ["facts"] = facts,
            ["verdicts"] = new JsonArray([.. _verdicts.Select(static verdict => (JsonNode)new JsonObject
            {
                ["what"] = verdict.What, ["value"] = Rounded(verdict.Value), ["limit"] = verdict.Limit, ["holds"] = verdict.Holds,
            })]),
            ["findings"] = new JsonArray([.. _findings.Select(static finding => (JsonNode)finding)]),
        };
    }

    public static string ToText(JsonNode json) => json.ToJsonString(Indented) + "\n";

    // JSON can't express "not a number".
    private static double? Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
