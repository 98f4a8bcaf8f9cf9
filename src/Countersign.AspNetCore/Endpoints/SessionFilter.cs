using Countersign.Bearer.Problems;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Feed;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Checks an access token whose signature is valid. No revocation reaches a token without a session. A revocation reaches a token with a session only while
/// this node reads the feed.
/// </summary>
internal sealed class SessionFilter(FeedState feed)
{
    /// <summary>Refuses a token without a session.</summary>
    public ValueTask<Problem?> RefuseAsync(HttpContext context, TokenClaims claims) =>
        ValueTask.FromResult(claims.SessionId is null ? BearerProblems.SessionMissing : FindStale());

    /// <summary>Accepts a token without a session if its account exists and is active, which costs a query.</summary>
    public async ValueTask<Problem?> AskAccountAsync(HttpContext context, TokenClaims claims)
    {
        if (claims.SessionId is not null)
        {
            return FindStale();
        }

        var services = context.RequestServices;
        try
        {
            var account = await services.GetRequiredService<IAccounts>().DescribeAsync(claims.Subject, context.RequestAborted).ConfigureAwait(false);
            return account is null ? BearerProblems.AccountUnknown : account.IsActive ? null : BearerProblems.AccountInactive;
        }
        catch (Exception exception) when (Outage.Is(exception, out var retryAfter))
        {
            EndpointLog.Unavailable(services.GetRequiredService<ILogger<OutageFilter>>(), context.Request.Path, exception);
            return BearerProblems.Unavailable(retryAfter);
        }
    }

    private Problem? FindStale() => feed.MustRefuse ? Outage.Problem : null;
}
