using System.CommandLine;
using System.CommandLine.Invocation;

namespace Countersign.Server.Commands;

/// <summary>
/// An action that can be stopped from its beginning. The command line cannot stop an action before the action's first part has returned: a signal before that
/// ends the process with exit code 143. On SQLite, a start never waits, so that part is the whole start.
/// </summary>
internal sealed class InterruptibleAction(AsynchronousCommandLineAction action) : AsynchronousCommandLineAction
{
    /// <summary>Makes the actions of a command and of all its subcommands interruptible.</summary>
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
