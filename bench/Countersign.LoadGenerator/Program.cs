using Countersign.LoadGenerator;

if (Arguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine("usage: Countersign.LoadGenerator login-flood --url URL --server PID [--seconds 5..600] [--rate 1..5000] [--json FILE]");
    return 2;
}

var result = await new LoginFlood(arguments, Console.Out).RunAsync();
if (arguments.JsonFile is { } file)
{
    await File.WriteAllTextAsync(file, result.ToJson());
}

return 0;
