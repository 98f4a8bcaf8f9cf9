using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Mail;

/// <summary>Sets a new password for an account whose owner has a mail.</summary>
internal sealed class PasswordReset(MailTokens tokens, IAccountEditor accounts, SignInLimits limits, SignInAttempts attempts)
{
    /// <summary>Sets the password.</summary>
    /// <returns>Null if it is set. After a problem nothing has changed, and the token is as good as before.</returns>
    public async Task<Problem?> ResetAsync(string text, string newPassword, HttpContext context, CancellationToken cancellationToken)
    {
        var client = ClientAddress.From(context);
        if (limits.TryTake(client) is { } wait)
        {
            return LimitProblems.TooManyAttempts(wait);
        }

        // The token is used up first: of simultaneous requests with it, one sets its password. What fails afterwards makes it usable again.
        if (await tokens.FindAsync(text, AccountMailKind.ResetPassword, cancellationToken).ConfigureAwait(false) is not { IsUsed: false } token
            || !await tokens.UseAsync(token, cancellationToken).ConfigureAwait(false))
        {
            return EndpointProblems.MailTokenInvalid;
        }

        var (userId, isSet) = (token.Account.UserId, false);
        try
        {
            var origin = new PasswordQueueKey(client.QueueNetwork, userId);
            var change = await accounts.ResetPasswordAsync(
                userId, newPassword, token.Account.Stamp, origin, MailRequest.From(context), cancellationToken).ConfigureAwait(false);
            isSet = change.Succeeded;
            if (!isSet)
            {
                return EndpointProblems.Of(change, ChangePasswordRequest.NewPasswordName);
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
        return null;
    }
}
