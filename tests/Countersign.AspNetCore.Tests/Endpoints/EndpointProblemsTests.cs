using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.SignIn;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Rotation;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class EndpointProblemsTests
{
    [Fact]
    public void Of_EveryRefreshError_IsInvalidGrantWithItsOwnCode()
    {
        foreach (var error in Enum.GetValues<RefreshError>())
        {
            var refusal = EndpointProblems.Of(error);

            // The session lives: a client that is told invalid_grant would throw its token away.
            var expected = error == RefreshError.TokenTooLarge ? (403, "access_denied") : (400, "invalid_grant");
            Assert.Equal((expected.Item1, expected.Item2, error.ToCode()), (refusal.Status, refusal.OAuthError, refusal.Code));
        }
    }

    [Fact]
    public void Of_EveryAccountFault_HasAStatusAndACode()
    {
        var expected = new Dictionary<AccountError, (int, string)>
        {
            [AccountError.NotFound] = (401, "account_unknown"),
            [AccountError.EmailInvalid] = (400, "email_invalid"),
            [AccountError.EmailTaken] = (409, "email_taken"),
            [AccountError.PasswordRefused] = (400, "password_refused"),
            [AccountError.DisplayNameUnsupported] = (400, "display_name_unsupported"),
            [AccountError.DisplayNameInvalid] = (400, "display_name_invalid"),
            [AccountError.Conflict] = (409, "account_conflict"),
        };

        // The app's refusal has the app's own code.
        foreach (var fault in Enum.GetValues<AccountError>().Except([AccountError.Refused]))
        {
            var refusal = EndpointProblems.Of(AccountChange.Failed(fault));

            Assert.Equal(expected[fault], (refusal.Status, refusal.Code));
        }
    }

    [Fact]
    public void Of_PasswordRefused_NamesTheMemberAndEachRule()
    {
        var change = AccountChange.Refused([new PasswordRuleViolation(PasswordRule.TooShort, "password_too_short", "Use at least 8 characters.")]);

        var errors = Assert.Single(EndpointProblems.Of(change, "new_password").Errors!);

        Assert.Equal("new_password", errors.Member);
        Assert.Equal(("password_too_short", "Use at least 8 characters."), Assert.Single(errors.Faults) is var fault ? (fault.Code, fault.Message) : default);
    }

    [Fact]
    public void Of_WrongPassword_SaysNothingOfTheCause()
    {
        var refusal = EndpointProblems.Of(PasswordCheck.Wrong(), EndpointProblems.InvalidCredentials);

        Assert.Equal((400, "invalid_grant", "invalid_credentials"), (refusal.Status, refusal.OAuthError, refusal.Code));
        Assert.Equal("Incorrect e-mail, user name or password", refusal.Detail);
    }

    [Fact]
    public void Of_TooManyFromNetwork_SaysWhenToTryAgain()
    {
        var refusal = EndpointProblems.Of(PasswordCheck.TooManyAttempts(TimeSpan.FromSeconds(9)), EndpointProblems.InvalidCredentials);

        Assert.Equal((429, TimeSpan.FromSeconds(9)), (refusal.Status, refusal.RetryAfter!.Value));
    }
}
