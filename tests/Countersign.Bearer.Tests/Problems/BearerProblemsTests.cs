using Countersign.Bearer.Problems;
using Countersign.Tokens;

namespace Countersign.Bearer.Tests.Refusals;

public sealed class BearerProblemsTests
{
    [Fact]
    public void Of_EveryTokenError_HasAStatusOfItsKind()
    {
        foreach (var error in Enum.GetValues<TokenError>())
        {
            var expected = error switch
            {
                TokenError.AccountInactive => 400,
                TokenError.NoKeys or TokenError.VerificationFault => 503,
                _ => 401,
            };

            Assert.Equal(expected, BearerProblems.Of(error).Status);
        }
    }

    [Fact]
    public void Of_EveryTokenError_ChallengesInTheCharactersOfTheHeader()
    {
        foreach (var error in Enum.GetValues<TokenError>().Where(static error => error is not (TokenError.NoKeys or TokenError.VerificationFault)))
        {
            const string Start = "Bearer error=\"invalid_token\", error_description=\"";
            var challenge = BearerProblems.Of(error).Challenge!;

            Assert.StartsWith(Start, challenge, StringComparison.Ordinal);
            Assert.EndsWith("\"", challenge, StringComparison.Ordinal);

            // RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E.
            Assert.All(challenge[Start.Length..^1], character => Assert.True(character is >= ' ' and <= '~' and not '"' and not '\\'));
        }
    }

    [Fact]
    public void InWords_Code_IsASentence() => Assert.Equal("Token expired", Problem.InWords("token_expired"));
}
