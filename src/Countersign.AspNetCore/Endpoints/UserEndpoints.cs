using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The routes with which an account reads, changes and deletes itself.</summary>
internal static class UserEndpoints
{
    /// <summary>Maps the routes on the group <c>users</c>.</summary>
    public static void Map(RouteMap users)
    {
        users.MapGet(CountersignRoute.GetAccount, "/me", GetAsync)
            .WithSummary("The account that asks")
            .WithProblems(BearerProblems.AccountUnknown);
        users.MapBody(CountersignRoute.UpdateAccount, HttpMethods.Patch, "/me", UpdateAsync)
            .LimitedBySession()
            .WithSummary("Change the display name")
            .WithProblems(
                EndpointProblems.DisplayNameInvalid, EndpointProblems.DisplayNameUnsupported,
                BearerProblems.AccountUnknown, EndpointProblems.AccountConflict);
        users.MapBody(CountersignRoute.DeleteAccount, HttpMethods.Delete, "/me", DeleteAsync)
            .WithSummary("Delete the account and end every session of it")
            .WithProblems(
                EndpointProblems.WrongCurrentPassword, BearerProblems.AccountUnknown, EndpointProblems.AccountConflict,
                LimitProblems.TooManyAttempts(TimeSpan.FromMinutes(1)));
    }

    internal static async Task<Results<NoStoreJson<UserResponse>, ProblemResult>> GetAsync(
        CurrentUser user, IAccountEditor accounts, CancellationToken cancellationToken)
    {
        var profile = await accounts.FindProfileAsync(user.UserId, cancellationToken).ConfigureAwait(false);
        return profile switch
        {
            null => new ProblemResult(BearerProblems.AccountUnknown),
            { IsActive: false } => new ProblemResult(BearerProblems.AccountInactive),
            _ => new NoStoreJson<UserResponse>(UserResponse.Of(profile)),
        };
    }

    internal static async Task<Results<NoStoreJson<UserResponse>, ProblemResult>> UpdateAsync(
        Body<UpdateAccountRequest> body, CurrentUser user, IAccountEditor accounts, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return new ProblemResult(problem);
        }

        var change = await accounts.SetDisplayNameAsync(user.UserId, request.DisplayName, cancellationToken).ConfigureAwait(false);
        return change.Succeeded ? new NoStoreJson<UserResponse>(UserResponse.Of(change.Profile)) : new ProblemResult(EndpointProblems.Of(change));
    }

    internal static async Task<Results<NoContentResponse, ProblemResult>> DeleteAsync(
        Body<DeleteAccountRequest> body,
        CurrentUser user,
        SignInService signIn,
        IAccountEditor accounts,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return new ProblemResult(problem);
        }

        var client = ClientAddress.From(context);
        var check = await signIn.CheckByIdAsync(user.UserId, user.SessionId, request.CurrentPassword, client, cancellationToken).ConfigureAwait(false);
        if (!check.Succeeded)
        {
            return new ProblemResult(EndpointProblems.Of(check, EndpointProblems.WrongCurrentPassword));
        }

        var change = await accounts.DeleteAsync(check.UserId, check.Stamp, cancellationToken).ConfigureAwait(false);
        return change.Succeeded ? NoContentResponse.Instance : new ProblemResult(EndpointProblems.Of(change));
    }
}
