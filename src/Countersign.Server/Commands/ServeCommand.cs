using System.CommandLine;
using Countersign.Mail;
using Countersign.Server.Configuration;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Commands;

/// <summary><c>serve</c>: the server itself.</summary>
internal static class ServeCommand
{
    private const string Name = "serve";

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"Addresses to listen on, separated by semicolons (default: ASPNETCORE_URLS, or {ListenAddresses.Default})",
    };

    /// <summary>Makes the command. <paramref name="root"/> without a command does the same.</summary>
    public static Command Create(RootCommand root)
    {
        var command = new Command(Name, "Start the server (the default)") { Urls };
        command.SetAction(RunAsync);
        root.Options.Add(Urls);
        root.SetAction(RunAsync);
        return command;
    }

    /// <summary>Whether this command will run.</summary>
    public static bool IsAskedFor(ParseResult parse) => parse.CommandResult.Command is RootCommand or { Name: Name };

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var error = parse.InvocationConfiguration.Error;
        try
        {
            var builder = ServerApplication.CreateBuilder(parse.GetValue(Urls), parse.GetValue(CommonOptions.Environment));
            if (!ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: true, out var settings, out var faults))
            {
                return await FaultReport.WriteAsync(error, faults).ConfigureAwait(false);
            }

            // Before anything else, also before a fault can end the start.
            var output = parse.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Mode: {settings.Mode}").ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);

            var app = ServerApplication.Build(builder, settings, settings.MasterKey.Obtain());
            await using (app.ConfigureAwait(false))
            {
                // The validation of the packages, before the database is touched.
                app.Services.GetService<IStartupValidator>()?.Validate();
                await AccountCommand.MigrateAsync(app.Services, cancellationToken).ConfigureAwait(false);
                await app.StartAsync(cancellationToken).ConfigureAwait(false);
                var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
                await Announcement.WriteAsync(output, addresses, settings, app.Services.GetRequiredService<AccountMailSender>())
                    .ConfigureAwait(false);
                await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
                return 0;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server was told to stop while it started, and it has stopped.
            return 0;
        }
        catch (Exception failure) when (StartFailure.IsOperationalAtStart(failure))
        {
            return await StartFailure.WriteAsync(error, failure).ConfigureAwait(false);
        }
    }
}
