using System.CommandLine;
using System.CommandLine.Invocation;

namespace Countersign.Server.Commands;

/// <summary>
/// An action that can be told to stop from its beginning on. The command line hears of an action once its first part has returned, and a signal before that ends the process with
/// exit code 143, whatever it does: on SQLite, where a start waits for nothing, that part is the whole start.
/// </summary>
internal sealed class InterruptibleAction(AsynchronousCommandLineAction action) : AsynchronousCommandLineAction
{
    /// <summary>Makes the actions of a command and of all commands below it interruptible.</summary>
    public static void Apply(Command command)
    {
        if (command.Action is AsynchronousCommandLineAction action)
        {
            command.Action = new InterruptibleAction(action);
        }

        foreach (var inner in command.Subcommands)
        {
            Apply(inner);
        }
    }

    /// <inheritdoc />
    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return await action.InvokeAsync(parseResult, cancellationToken).ConfigureAwait(false);
    }
}
