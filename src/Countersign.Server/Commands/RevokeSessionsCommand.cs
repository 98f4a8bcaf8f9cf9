using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Countersign.AspNetCore.Settings;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;

namespace Countersign.Server.Commands;

/// <summary><c>sessions revoke</c>: ends one session, the sessions of an account, those in use since an instant, or all.</summary>
internal static class RevokeSessionsCommand
{
    private const string HowToSay = "Say which sessions to end, with exactly one of: an id, --user, --since, --all.";

    private static readonly Argument<string?> Id = new("id") { Description = "A session's id", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> User = new("--user") { Description = "All sessions of an account: e-mail address, user name or id" };
    private static readonly Option<string?> Since =
        new("--since") { Description = "All sessions that began or were refreshed at this instant or later, such as 2030-01-31T12:00:00Z" };
    private static readonly Option<bool> All = new("--all") { Description = "Every session of every account: all users must log in again" };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("revoke", "End sessions: their refresh tokens at once, their access tokens on every server within about a second")
        {
            Id, User, Since, All,
        };
        command.Validators.Add(Validate);
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var outcome = await RunAsync(services, parse, cancellationToken).ConfigureAwait(false);
                return await outcome.WriteAsync(parse).ConfigureAwait(false);
            },
            cancellationToken));
        return command;
    }

    private static void Validate(CommandResult result)
    {
        bool[] said = [result.GetValue(Id) is not null, result.GetValue(User) is not null, result.GetValue(Since) is not null, result.GetValue(All)];
        if (said.Count(static one => one) != 1)
        {
            result.AddError(HowToSay);
        }

        if (result.GetValue(Id) is { } id && !Guid.TryParseExact(id, "D", out _))
        {
            result.AddError($"\"{id}\" is not a session's id; countersign sessions list shows the ids.");
        }

        if (result.GetValue(Since) is { } since && !Setting.TryReadInstant(since, out _))
        {
            result.AddError($"\"{since}\" is not an instant. Write date, time and offset, as in 2030-01-31T12:00:00Z.");
        }
    }

    private static async Task<Outcome> RunAsync(IServiceProvider services, ParseResult parse, CancellationToken cancellationToken)
    {
        var sessions = services.GetRequiredService<SessionService>();
        if (parse.GetValue(All))
        {
            var ended = await sessions.RevokeAllUsersAsync(RevocationReason.Administrator, "sessions revoke --all", cancellationToken).ConfigureAwait(false);
            return Outcome.Done(string.Create(CultureInfo.InvariantCulture, $"all users are logged out: {ended} sessions ended"));
        }

        if (parse.GetValue(Since) is { } since && Setting.TryReadInstant(since, out var instant))
        {
            return Ended(await sessions.RevokeAllUsersSinceAsync(instant, RevocationReason.Administrator, cancellationToken).ConfigureAwait(false));
        }

        if (parse.GetValue(User) is { } account)
        {
            return await AccountArgument.FindAsync(services, account).ConfigureAwait(false) is { } user
                ? Ended(await sessions.RevokeUserAsync(user.Id.ToString(), RevocationReason.Administrator, cancellationToken).ConfigureAwait(false))
                : AccountArgument.Unknown(account);
        }

        var id = Guid.ParseExact(parse.GetValue(Id)!, "D");
        return await sessions.RevokeAsync(id, RevocationReason.Administrator, cancellationToken).ConfigureAwait(false)
            ? Ended(1)
            : Outcome.Refused($"no live session has the id {id}");
    }

    private static Outcome Ended(int sessions) =>
        Outcome.Done(string.Create(CultureInfo.InvariantCulture, $"{sessions} {(sessions == 1 ? "session" : "sessions")} ended"));
}
