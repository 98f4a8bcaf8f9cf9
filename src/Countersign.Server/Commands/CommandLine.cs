using System.CommandLine;

namespace Countersign.Server.Commands;

/// <summary>The server's command line.</summary>
internal static class CommandLine
{
    /// <summary>Makes the command line with all commands. Without a command it serves.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Countersign: accounts, sessions and tokens for any back end. Without a command it starts the server.");
        root.Options.Add(CommonOptions.Environment);
        root.Subcommands.Add(ServeCommand.Create(root));
        root.Subcommands.Add(MigrateCommand.Create());
        root.Subcommands.Add(UsersCommand.Create());
        root.Subcommands.Add(KeysCommand.Create());
        root.Subcommands.Add(MailCommand.Create());
        root.Subcommands.Add(SessionsCommand.Create());
        root.Subcommands.Add(ClientsCommand.Create());
        root.Subcommands.Add(SecretsCommand.Create());
        InterruptibleAction.Apply(root);
        return root;
    }
}
