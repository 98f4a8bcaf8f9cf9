using System.CommandLine;
using Countersign.Server.Commands;

var parse = CommandLine.Create().Parse(args);
var configuration = new InvocationConfiguration();
if (ServeCommand.IsAskedFor(parse))
{
    // Longer than the host's time for running requests (30 s). By default the command line ends the process after two seconds, which is enough for other
    // commands.
    configuration.ProcessTerminationTimeout = TimeSpan.FromSeconds(35);
}

return await parse.InvokeAsync(configuration).ConfigureAwait(false);
