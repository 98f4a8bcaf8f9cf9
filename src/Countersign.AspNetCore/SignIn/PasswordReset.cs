using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Mail;
using Countersign.Passwords;

namespace Countersign.AspNetCore.SignIn;

/// <summary>Sets a new password for an account whose owner has a mail.</summary>
internal sealed class PasswordReset(MailTokens tokens, IAccountEditor accounts, SignInLimits limits, SignInAttempts attempts)
{
    /// <summary>Sets the password. After a fault nothing has changed, and the token is as good as before.</summary>
    public async Task<MailTokenResult> ResetAsync(
        string text, string newPassword, ClientAddress client, MailRequest request, CancellationToken cancellationToken)
    {
        if (limits.TryTake(client) is { } wait)
        {
            return new MailTokenResult(MailTokenFault.TooManyAttempts, wait);
        }

        // The token is used up first: of simultaneous requests with it, one sets its password. What fails afterwards makes it usable again.
        if (await tokens.FindAsync(text, AccountMailKind.ResetPassword, cancellationToken).ConfigureAwait(false) is not { IsUsed: false } token
            || !await tokens.UseAsync(token, cancellationToken).ConfigureAwait(false))
        {
            return new MailTokenResult(MailTokenFault.TokenInvalid);
        }

        var (userId, isSet) = (token.Account.UserId, false);
        try
        {
            var origin = new PasswordQueueKey(client.QueueNetwork, userId);
            var change = await accounts.ResetPasswordAsync(userId, newPassword, token.Account.Stamp, origin, request, cancellationToken).ConfigureAwait(false);
            isSet = change.Succeeded;
            if (!isSet)
            {
                return MailTokenResult.Of(change);
            }
        }
        finally
        {
            if (!isSet)
            {
                await tokens.ReturnAsync(token).ConfigureAwait(false);
            }
        }

        // The password is set, so this happens even if the client goes away. The account's other mails are void by its new security stamp.
        await attempts.ResetAsync(userId, CancellationToken.None).ConfigureAwait(false);
        return default;
    }
}
