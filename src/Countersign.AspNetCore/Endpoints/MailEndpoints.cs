using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The routes that send mail, and those that take the token of a mail.</summary>
internal static class MailEndpoints
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    /// <summary>Maps the routes on the group <c>auth</c>.</summary>
    public static void Map(RouteMap auth)
    {
        auth.MapBody(CountersignRoute.ForgotPassword, HttpMethods.Post, "/forgot-password", ForgotPasswordAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Ask for a mail with which a new password can be set")
            .WithDescription("The answer is the same whether the address has an account or not. The mail is sent later.")
            .WithProblems(EndpointProblems.EmailInvalid, LimitProblems.TooManyRequests(AMinute));
        auth.MapBody(CountersignRoute.ResetPassword, HttpMethods.Post, "/reset-password", ResetPasswordAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Set a new password with the token of a mail")
            .WithDescription(
                "Every session of the account ends. The e-mail address is confirmed by it too. A second factor stays. The token works once; if the new "
                + "password is refused, it stays good.")
            .WithProblems(
                EndpointProblems.MailTokenInvalid, EndpointProblems.PasswordTooShort(ChangePasswordRequest.NewPasswordName), EndpointProblems.AccountConflict,
                LimitProblems.TooManyAttempts(AMinute));
        auth.MapBody(CountersignRoute.ResendConfirmation, HttpMethods.Post, "/resend-confirmation", ResendConfirmationAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Ask again for the mail that confirms an e-mail address")
            .WithDescription("The answer is the same whether the address has an account or not. The mail is sent later, if the address is not confirmed yet.")
            .WithProblems(EndpointProblems.EmailInvalid, LimitProblems.TooManyRequests(AMinute));
        auth.MapBody(CountersignRoute.ConfirmEmail, HttpMethods.Post, "/confirm-email", ConfirmEmailAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Confirm an e-mail address with the token of a mail and the password")
            .WithDescription(
                "The password is needed because somebody else may have signed up with this address. After a wrong one the token stays good; the fifth ends it. "
                + "The same token again gets the same answer.")
            .WithProblems(
                EndpointProblems.MailTokenInvalid, EndpointProblems.WrongCurrentPassword, EndpointProblems.AccountConflict,
                LimitProblems.TooManyAttempts(AMinute));
    }

    internal static Task<Results<AcceptedResponse, ProblemResult>> ForgotPasswordAsync(
        Body<EmailRequest> body, Outbox outbox, NetworkLimits limits, IHostEnvironment environment, HttpContext context, CancellationToken cancellationToken) =>
        AskAsync(body, AccountMailKind.ResetPassword, outbox, limits, environment, context, cancellationToken);

    internal static Task<Results<AcceptedResponse, ProblemResult>> ResendConfirmationAsync(
        Body<EmailRequest> body, Outbox outbox, NetworkLimits limits, IHostEnvironment environment, HttpContext context, CancellationToken cancellationToken) =>
        AskAsync(body, AccountMailKind.ConfirmEmail, outbox, limits, environment, context, cancellationToken);

    internal static async Task<Results<NoContentResponse, ProblemResult>> ResetPasswordAsync(
        Body<ResetPasswordRequest> body, PasswordReset reset, HttpContext context, CancellationToken cancellationToken) =>
        body.TryGet(out var request, out var problem)
            ? Answer(await reset.ResetAsync(
                request.Token, request.NewPassword, ClientAddress.From(context), MailRequests.From(context), cancellationToken).ConfigureAwait(false))
            : new ProblemResult(problem);

    internal static async Task<Results<NoContentResponse, ProblemResult>> ConfirmEmailAsync(
        Body<ConfirmEmailRequest> body, EmailConfirmation confirmation, HttpContext context, CancellationToken cancellationToken) =>
        body.TryGet(out var request, out var problem)
            ? Answer(await confirmation.ConfirmAsync(request.Token, request.Password, ClientAddress.From(context), cancellationToken).ConfigureAwait(false))
            : new ProblemResult(problem);

    private static async Task<Results<AcceptedResponse, ProblemResult>> AskAsync(
        Body<EmailRequest> body,
        AccountMailKind kind,
        Outbox outbox,
        NetworkLimits limits,
        IHostEnvironment environment,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return new ProblemResult(problem);
        }

        if (!EmailAddress.TryParse(request.Email, environment.IsDevelopment(), out var address))
        {
            return new ProblemResult(EndpointProblems.EmailInvalid);
        }

        if (limits.Mails.TryTake(ClientAddress.From(context).Network) is { } retryAfter)
        {
            return new ProblemResult(LimitProblems.TooManyRequests(retryAfter));
        }

        await outbox.AddAsync(MailKinds.NameOf(kind), address.Key, MailRequests.From(context), cancellationToken).ConfigureAwait(false);
        return AcceptedResponse.Instance;
    }

    private static Results<NoContentResponse, ProblemResult> Answer(in MailTokenResult result) => result.Fault switch
    {
        null => NoContentResponse.Instance,
        MailTokenFault.TooManyAttempts => new ProblemResult(LimitProblems.TooManyAttempts(result.RetryAfter)),
        MailTokenFault.TokenInvalid => new ProblemResult(EndpointProblems.MailTokenInvalid),
        MailTokenFault.WrongPassword => new ProblemResult(EndpointProblems.WrongCurrentPassword),
        _ => new ProblemResult(EndpointProblems.Of(result.Change, ChangePasswordRequest.NewPasswordName)),
    };
}
