using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Mail;

/// <summary>Confirms the e-mail address of a person who has a mail and knows the password.</summary>
internal sealed class EmailConfirmation(MailTokens tokens, IAccountEditor accounts, SignInLimits limits)
{
    /// <summary>Confirms the address.</summary>
    /// <returns>Null if it is confirmed, now or by an earlier request with the same token.</returns>
    public async Task<Problem?> ConfirmAsync(string text, string password, HttpContext context, CancellationToken cancellationToken)
    {
        var client = ClientAddress.From(context);
        if (limits.TryTake(client) is { } wait)
        {
            return LimitProblems.TooManyAttempts(wait);
        }

        if (await tokens.FindAsync(text, AccountMailKind.ConfirmEmail, cancellationToken).ConfigureAwait(false) is not { } token)
        {
            return EndpointProblems.MailTokenInvalid;
        }

        if (token.IsUsed)
        {
            return token.Account.IsEmailConfirmed ? null : EndpointProblems.MailTokenInvalid;
        }

        return await CompareAsync(token, password, client, cancellationToken).ConfigureAwait(false)
            ?? await SaveAsync(token, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares the password. It is counted before, so parallel guesses count like sequential ones.</summary>
    private async Task<Problem?> CompareAsync(FoundMailToken token, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        using var passage = limits.Enter(client);
        if (!await tokens.CountAsync(token, CancellationToken.None).ConfigureAwait(false))
        {
            return EndpointProblems.MailTokenInvalid;
        }

        try
        {
            var origin = new PasswordQueueKey(client.QueueNetwork, token.Account.UserId);
            return await accounts.HasPasswordAsync(token.Account.UserId, password, origin, cancellationToken).ConfigureAwait(false)
                ? null
                : EndpointProblems.WrongCurrentPassword;
        }
        catch
        {
            await tokens.UncountAsync(token).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Problem?> SaveAsync(FoundMailToken token, CancellationToken cancellationToken)
    {
        if (!await tokens.UseAsync(token, cancellationToken).ConfigureAwait(false))
        {
            // Another request with the same token and the right password was faster.
            return null;
        }

        var isSaved = false;
        try
        {
            var change = await accounts.ConfirmEmailAsync(token.Account.UserId, token.Account.Stamp, CancellationToken.None).ConfigureAwait(false);
            isSaved = change.Succeeded;
            return isSaved ? null : EndpointProblems.Of(change);
        }
        finally
        {
            if (!isSaved)
            {
                await tokens.ReturnAsync(token).ConfigureAwait(false);
            }
        }
    }
}
