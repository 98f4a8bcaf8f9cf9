using System.CommandLine;
using Countersign.Server.Commands;

var parse = CommandLine.Create().Parse(args);
var configuration = new InvocationConfiguration();
if (ServeCommand.IsAskedFor(parse))
{
    // Longer than the host lets running requests finish (30 s): the command line would end the process after two. For other commands that is enough.
    configuration.ProcessTerminationTimeout = TimeSpan.FromSeconds(35);
}

return await parse.InvokeAsync(configuration).ConfigureAwait(false);
