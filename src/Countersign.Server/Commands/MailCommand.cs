using System.CommandLine;
using System.Globalization;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Identity;
using Countersign.Mail;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;

namespace Countersign.Server.Commands;

/// <summary><c>mail</c>: tries the mail server, and shows and moves what waits.</summary>
internal static class MailCommand
{
    private const int MostListed = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes the command.</summary>
    public static Command Create() => new("mail", "Try the mail server; show and move the mails that wait")
    {
        CreateTest(),
        CreateList(),
        CreateRetry(),
    };

    private static Command CreateTest()
    {
        var address = new Argument<string>("address") { Description = "Who gets the mail" };
        var command = new Command("test", "Send one mail now, and print what the mail server answered") { address };
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services => await (await TestAsync(services, parse.GetRequiredValue(address), cancellationToken).ConfigureAwait(false))
                .WriteAsync(parse).ConfigureAwait(false),
            startsServices: false,
            cancellationToken));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "List the mails that wait, the oldest first: id, kind, attempts, next attempt, last failure; separated by tabs");
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                foreach (var mail in await services.GetRequiredService<IOutboxStore>().ListAsync(MostListed, cancellationToken).ConfigureAwait(false))
                {
                    await parse.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{mail.Id:D}\t{mail.Kind}\t{mail.Attempts}\t{mail.DueAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\t{mail.LastError ?? "-"}"))
                        .ConfigureAwait(false);
                }

                return 0;
            },
            startsServices: false,
            cancellationToken));
        return command;
    }

    private static Command CreateRetry()
    {
        var id = new Argument<Guid?>("id") { Description = "The mail; all that wait if it is left out", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("retry", "Make one mail, or all that wait, due now; a running server sends them within some seconds") { id };
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var given = parse.GetValue(id);
                var now = services.GetRequiredService<SessionClock>().Now;
                var count = await services.GetRequiredService<IOutboxStore>().RetryAsync(given, now, cancellationToken).ConfigureAwait(false);
                var outcome = given is not null && count == 0
                    ? Outcome.Refused($"no mail {given:D} waits")
                    : Outcome.Done(count == 1 ? "1 mail is due now" : string.Create(CultureInfo.InvariantCulture, $"{count} mails are due now"));
                return await outcome.WriteAsync(parse).ConfigureAwait(false);
            },
            startsServices: false,
            cancellationToken));
        return command;
    }

    private static async Task<Outcome> TestAsync(IServiceProvider services, string address, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(address, takesLocalhost: true, out var to))
        {
            return Outcome.Refused("this is not an e-mail address that an account can have");
        }

        var sender = services.GetRequiredService<AccountMailSender>();
        if (!sender.CanSend)
        {
            return Outcome.Refused("no mail can be sent: Auth:Mail:Host is not set");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var mail = new AccountMail { Id = Guid.CreateVersion7(now), Kind = AccountMailKind.Test, To = to.Text, At = now };
            return Outcome.Done(await sender.DeliverAsync(mail, limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Outcome.Refused("the mail server did not answer within 30 seconds");
        }
        catch (Exception exception) when (exception is IOException or MailRejectedException)
        {
            return Outcome.Refused(exception.Message);
        }
    }
}
