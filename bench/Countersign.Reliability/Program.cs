using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Harness;
using Countersign.Reliability;
using Countersign.Reliability.Results;

if (Arguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

long started = Stopwatch.GetTimestamp();
var result = await Arguments.Runs[arguments.Name].Run(arguments.Settings);
result.Print(Console.Out);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"  {Machine.Description}; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s, seed {arguments.Settings.Seed}"));
if (arguments.JsonFile is { } file)
{
    await File.WriteAllTextAsync(file, RunResult.ToText(new JsonArray(result.ToJson(Machine.Description))));
}

return result.Holds ? 0 : 1;
