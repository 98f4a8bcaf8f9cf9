using System.CommandLine;
using Countersign.Server.Commands;

namespace Countersign.Server.Tests.Commands;

/// <summary>
/// A signal that comes while a command is still in its first part must be heard: the command line learns of the action when that part has returned.
/// </summary>
public sealed class InterruptibleActionTests
{
    [Fact]
    public void Create_EveryCommandThatDoesSomething_CanBeInterrupted()
    {
        var actions = Flatten(CommandLine.Create()).Where(static command => command.Action is not null).ToList();

        Assert.True(actions.Count > 10);
        Assert.All(actions, static command => Assert.IsType<InterruptibleAction>(command.Action));
    }

    [Fact]
    public async Task InvokeAsync_ActionThatBlocks_ReturnsAtOnce()
    {
        using var blocked = new ManualResetEventSlim();
        var command = new Command("block");
        command.SetAction((_, _) =>
        {
            blocked.Wait(CancellationToken.None);
            return Task.FromResult(7);
        });
        InterruptibleAction.Apply(command);

        var running = command.Parse([]).InvokeAsync();

        Assert.False(running.IsCompleted);
        blocked.Set();
        Assert.Equal(7, await running);
    }

    private static IEnumerable<Command> Flatten(Command command) => command.Subcommands.SelectMany(Flatten).Prepend(command);
}
