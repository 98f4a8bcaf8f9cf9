using Countersign.Benchmarks;
using Countersign.Benchmarks.Measurement;
using Countersign.Benchmarks.Passwords;
using Countersign.Benchmarks.Refresh;
using Countersign.Benchmarks.Revocation;
using Countersign.Benchmarks.Tokens;

Dictionary<string, Func<RunSettings, Task<IReadOnlyList<Row>>>> suites = new(StringComparer.Ordinal)
{
    ["passwords"] = PasswordSuite.RunAsync,
    ["tokens"] = TokenSuite.RunAsync,
    ["refresh"] = RefreshSuite.RunAsync,
    ["revocation"] = RevocationSuite.RunAsync,
};

if (CommandLine.TryParse(args, suites.Keys) is not { } command)
{
    Console.Error.WriteLine($"usage: bench/run {string.Join('|', suites.Keys)} [--quick] [--json FILE]");
    return 2;
}

var rows = await suites[command.Suite](new RunSettings(command.IsQuick));
Report.Print(rows, Console.Out);
if (command.JsonFile is { } file)
{
    await File.WriteAllTextAsync(file, Report.ToJson(rows));
}

return 0;
