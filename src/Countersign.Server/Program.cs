using System.CommandLine;
using Countersign.Server.Commands;

var root = new RootCommand("Countersign: accounts, sessions and tokens for any back end. Without a command it serves.");
root.Options.Add(CommonOptions.Environment);
root.Subcommands.Add(ServeCommand.Create(root));
root.Subcommands.Add(MigrateCommand.Create());
root.Subcommands.Add(UsersCommand.Create());
root.Subcommands.Add(SessionsCommand.Create());
root.Subcommands.Add(ClientsCommand.Create());
root.Subcommands.Add(SecretsCommand.Create());
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
