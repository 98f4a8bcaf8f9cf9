using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Answers;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Refusals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>What an account may do with itself.</summary>
internal static class UserEndpoints
{
    /// <summary>Maps the routes onto the group of users.</summary>
    public static void Map(IEndpointRouteBuilder users)
    {
        users.MapGet("/me", GetAsync)
            .Named("getAccount")
            .WithSummary("The account that asks")
            .Refuses(BearerRefusals.AccountUnknown);
        users.MapBody(HttpMethods.Patch, "/me", UpdateAsync)
            .LimitedBySession()
            .Named("updateAccount")
            .WithSummary("Change the display name")
            .Refuses(EndpointRefusals.DisplayNameInvalid, EndpointRefusals.DisplayNameUnsupported, BearerRefusals.AccountUnknown, EndpointRefusals.AccountConflict);
        users.MapBody(HttpMethods.Delete, "/me", DeleteAsync)
            .Named("deleteAccount")
            .WithSummary("Delete the account and end every session of it")
            .Refuses(
                EndpointRefusals.WrongCurrentPassword, BearerRefusals.AccountUnknown, EndpointRefusals.AccountConflict,
                EndpointRefusals.TooManyAttempts(TimeSpan.FromMinutes(1)));
    }

    internal static async Task<Results<Answer<UserAnswer>, ProblemResult>> GetAsync(
        CurrentUser user, IAccountEditor accounts, CancellationToken cancellationToken)
    {
        var profile = await accounts.FindProfileAsync(user.UserId, cancellationToken).ConfigureAwait(false);
        return profile switch
        {
            null => new ProblemResult(BearerRefusals.AccountUnknown),
            { IsActive: false } => new ProblemResult(BearerRefusals.AccountInactive),
            _ => new Answer<UserAnswer>(UserAnswer.Of(profile)),
        };
    }

    internal static async Task<Results<Answer<UserAnswer>, ProblemResult>> UpdateAsync(
        Body<UpdateAccountRequest> body, CurrentUser user, IAccountEditor accounts, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var refusal))
        {
            return new ProblemResult(refusal);
        }

        var change = await accounts.SetDisplayNameAsync(user.UserId, request.DisplayName, cancellationToken).ConfigureAwait(false);
        return change.Succeeded ? new Answer<UserAnswer>(UserAnswer.Of(change.Profile)) : new ProblemResult(EndpointRefusals.Of(change));
    }

    internal static async Task<Results<EmptyAnswer, ProblemResult>> DeleteAsync(
        Body<DeleteAccountRequest> body,
        CurrentUser user,
        SignInService signIn,
        IAccountEditor accounts,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var refusal))
        {
            return new ProblemResult(refusal);
        }

        var client = ClientAddress.From(context);
        var check = await signIn.CheckByIdAsync(user.UserId, user.SessionId, request.CurrentPassword, client, cancellationToken).ConfigureAwait(false);
        if (!check.Succeeded)
        {
            return new ProblemResult(EndpointRefusals.Of(check, EndpointRefusals.WrongCurrentPassword));
        }

        var change = await accounts.DeleteAsync(check.UserId, check.Stamp, cancellationToken).ConfigureAwait(false);
        return change.Succeeded ? EmptyAnswer.Instance : new ProblemResult(EndpointRefusals.Of(change));
    }
}
