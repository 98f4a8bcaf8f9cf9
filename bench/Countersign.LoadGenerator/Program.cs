using Countersign.LoadGenerator;

if (Arguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

string json = arguments.Command == Arguments.LoginFlood
    ? (await new LoginFlood(arguments, Console.Out).RunAsync()).ToJson()
    : await new LoginTiming(arguments, Console.Out).RunAsync();
if (arguments.JsonFile is { } file)
{
    await File.WriteAllTextAsync(file, json);
}

return 0;
