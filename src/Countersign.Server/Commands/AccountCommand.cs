using System.CommandLine;
using Countersign.AspNetCore.Mail;
using Countersign.Server.Configuration;
using Countersign.Server.Database;
using Countersign.Server.Hosting;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Commands;

/// <summary>Runs a command on the accounts with the same services as the server. A running server learns of changes by the feed.</summary>
internal static class AccountCommand
{
    /// <summary>Reads the settings, brings the database up to date, and runs <paramref name="work"/> in a scope.</summary>
    /// <returns>The result of <paramref name="work"/>, or <see cref="FaultReport.ExitCode"/> after a line that says why it could not run.</returns>
    public static Task<int> RunAsync(ParseResult parse, Func<IServiceProvider, Task<int>> work, CancellationToken cancellationToken) =>
        RunAsync(parse, work, startsServices: true, cancellationToken);

    /// <summary>Like the other overload, but can leave the services unstarted.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="work">The work. It returns the exit code.</param>
    /// <param name="startsServices">
    /// Whether to load the keys, which changes of sessions need. If false, the command also runs when the keys can't be decrypted.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<int> RunAsync(ParseResult parse, Func<IServiceProvider, Task<int>> work, bool startsServices, CancellationToken cancellationToken)
    {
        var error = parse.InvocationConfiguration.Error;
        try
        {
            var builder = CreateBuilder(parse);
            if (!ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: false, out var settings, out var faults))
            {
                return await FaultReport.WriteAsync(error, faults).ConfigureAwait(false);
            }

            ServerServices.Add(builder, settings, settings.MasterKey.Obtain());

            // A command sends no mail of others. It does not know the server's address, which stands in the links.
            builder.Services.Remove(builder.Services.Single(static service => service.ImplementationType == typeof(MailWorker)));

            // No command issues a token, and without a bound address there is no issuer.
            builder.Services.PostConfigure<CountersignTokenOptions>(options => options.Issuer ??= "http://localhost");
            return await RunAsync(builder.Build(), work, startsServices, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (StartFailure.IsOperational(failure))
        {
            return await StartFailure.WriteAsync(error, failure).ConfigureAwait(false);
        }
    }

    /// <summary>A host without a web server.</summary>
    public static HostApplicationBuilder CreateBuilder(ParseResult parse)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            EnvironmentName = parse.GetValue(CommonOptions.Environment) ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        });
        ConsoleLogging.Configure(builder.Logging, LogLevel.Warning);

        // A server logs at its start what signs. A command issues nothing, so it does not.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(typeof(SigningModeStartup).FullName, LogLevel.Warning);
        return builder;
    }

    private static async Task<int> RunAsync(IHost host, Func<IServiceProvider, Task<int>> work, bool startsServices, CancellationToken cancellationToken)
    {
        using (host)
        {
            await MigrateAsync(host.Services, cancellationToken).ConfigureAwait(false);
            if (startsServices)
            {
                await host.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            try
            {
                var scope = host.Services.CreateAsyncScope();
                await using (scope.ConfigureAwait(false))
                {
                    return await work(scope.ServiceProvider).ConfigureAwait(false);
                }
            }
            finally
            {
                // Write the queued work before the process ends.
                if (startsServices)
                {
                    await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Applies missing migrations.</summary>
    /// <returns>Their names.</returns>
    public static async Task<IReadOnlyList<string>> MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            return await scope.ServiceProvider.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
