using System.CommandLine;
using Countersign.Server.Configuration;
using Countersign.Server.Hosting;

namespace Countersign.Server.Commands;

/// <summary><c>migrate</c>: brings the database up to date without starting the server.</summary>
internal static class MigrateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database to this version's tables, and say what was applied");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var streams = parse.InvocationConfiguration;
        try
        {
            var builder = AccountCommand.CreateBuilder(parse);
            if (!ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: false, out var settings, out var faults))
            {
                return await FaultReport.WriteAsync(streams.Error, faults).ConfigureAwait(false);
            }

            ServerServices.Add(builder, settings, settings.MasterKey.Obtain());
            using var host = builder.Build();
            var applied = await AccountCommand.MigrateAsync(host.Services, cancellationToken).ConfigureAwait(false);
            foreach (var migration in applied)
            {
                await streams.Output.WriteLineAsync($"applied {migration}").ConfigureAwait(false);
            }

            await streams.Output.WriteLineAsync($"{settings.DatabaseLabel} is up to date").ConfigureAwait(false);
            return 0;
        }
        catch (Exception failure) when (StartFailure.IsOperational(failure))
        {
            return await StartFailure.WriteAsync(streams.Error, failure).ConfigureAwait(false);
        }
    }
}
