using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Mail;
using Countersign.Passwords;

namespace Countersign.AspNetCore.SignIn;

/// <summary>Confirms the e-mail address of a person who has a mail and knows the password.</summary>
internal sealed class EmailConfirmation(MailTokens tokens, IAccountEditor accounts, SignInLimits limits)
{
    /// <summary>Confirms the address. A request with a token that has confirmed it already succeeds too.</summary>
    public async Task<MailTokenResult> ConfirmAsync(string text, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        if (limits.TryTake(client) is { } wait)
        {
            return new MailTokenResult(MailTokenFault.TooManyAttempts, wait);
        }

        if (await tokens.FindAsync(text, AccountMailKind.ConfirmEmail, cancellationToken).ConfigureAwait(false) is not { } token)
        {
            return new MailTokenResult(MailTokenFault.TokenInvalid);
        }

        if (token.IsUsed)
        {
            return new MailTokenResult(token.Account.IsEmailConfirmed ? null : MailTokenFault.TokenInvalid);
        }

        var (hash, fault) = await CompareAsync(token, password, client, cancellationToken).ConfigureAwait(false);
        return hash is null ? new MailTokenResult(fault) : await SaveAsync(token, hash, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares the password. It is counted before, so parallel guesses count like sequential ones.</summary>
    /// <returns>The hash that was compared with the right password; null, and the fault, if it is wrong.</returns>
    private async Task<(string? Hash, MailTokenFault Fault)> CompareAsync(
        FoundMailToken token, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        using var passage = limits.Enter(client);
        if (!await tokens.CountAsync(token, CancellationToken.None).ConfigureAwait(false))
        {
            return (null, MailTokenFault.TokenInvalid);
        }

        try
        {
            var origin = new PasswordQueueKey(client.QueueNetwork, token.Account.UserId);
            return (
                await accounts.ComparePasswordAsync(token.Account.UserId, password, origin, cancellationToken).ConfigureAwait(false),
                MailTokenFault.WrongPassword);
        }
        catch
        {
            // It was not compared.
            await tokens.UncountAsync(token).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<MailTokenResult> SaveAsync(FoundMailToken token, string comparedHash, CancellationToken cancellationToken)
    {
        if (!await tokens.UseAsync(token, cancellationToken).ConfigureAwait(false))
        {
            // Another request with the same token was faster, or a newer sign-up has voided it.
            return new MailTokenResult(MailTokenFault.TokenInvalid);
        }

        var isSaved = false;
        try
        {
            var change = await accounts.ConfirmEmailAsync(token.Account.UserId, token.Account.Stamp, comparedHash, CancellationToken.None)
                .ConfigureAwait(false);
            isSaved = change.Succeeded;
            return MailTokenResult.Of(change);
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
