using System.CommandLine;
using System.Globalization;
using Countersign.Sessions;

namespace Countersign.Server.Commands;

/// <summary><c>sessions</c>: lists and ends sessions.</summary>
internal static class SessionsCommand
{
    private const int PageSize = 100;

    /// <summary>Makes the command.</summary>
    public static Command Create() => new("sessions", "List and end sessions")
    {
        CreateList(),
        RevokeSessionsCommand.Create(),
    };

    private static Command CreateList()
    {
        var account = AccountArgument.Create();
        var command = new Command(
            "list", "List an account's live sessions, newest first: id, began, last refreshed, address, label; separated by tabs") { account };
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var given = parse.GetRequiredValue(account);
                if (await AccountArgument.FindAsync(services, given).ConfigureAwait(false) is not { } user)
                {
                    return await AccountArgument.Unknown(given).WriteAsync(parse).ConfigureAwait(false);
                }

                var sessions = services.GetRequiredService<SessionService>();
                await WriteAsync(sessions, user.Id.ToString(), parse.InvocationConfiguration.Output, cancellationToken).ConfigureAwait(false);
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static async Task WriteAsync(SessionService sessions, string userId, TextWriter output, CancellationToken cancellationToken)
    {
        Guid? before = null;
        while (await sessions.ListAsync(userId, before, PageSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var session in page)
            {
                await output.WriteLineAsync(
                    $"{session.Id}\t{Text(session.CreatedAt)}\t{Text(session.State.RefreshedAt)}\t" +
                    $"{session.IpAddress ?? "-"}\t{session.Label ?? session.UserAgent ?? "-"}").ConfigureAwait(false);
            }

            before = page[^1].Id;
        }
    }

    private static string Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";
}
