using System.CommandLine;
using Countersign.Server.Commands;

var root = new RootCommand("Countersign: accounts, sessions and tokens for any back end. Without a command it serves.");
root.Options.Add(CommonOptions.Environment);
root.Subcommands.Add(ServeCommand.Create(root));
root.Subcommands.Add(MigrateCommand.Create());
root.Subcommands.Add(UsersCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
root.Subcommands.Add(SessionsCommand.Create());
root.Subcommands.Add(ClientsCommand.Create());
root.Subcommands.Add(SecretsCommand.Create());

var parse = root.Parse(args);
var configuration = new InvocationConfiguration();
if (ServeCommand.IsAskedFor(parse))
{
    // Longer than the host lets running requests finish (30 s): the command line would end the process after two. For other commands that is enough.
    configuration.ProcessTerminationTimeout = TimeSpan.FromSeconds(35);
}

return await parse.InvokeAsync(configuration).ConfigureAwait(false);
