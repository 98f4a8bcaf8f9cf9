using Countersign.Bearer.Refusals;
using Countersign.Sessions.Accounts;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>What becomes of an access token that names no session: no revocation can reach it.</summary>
internal static class SessionGate
{
    /// <summary>Refuses it.</summary>
    public static ValueTask<Refusal?> RefuseAsync(HttpContext context, TokenClaims claims) =>
        ValueTask.FromResult(claims.SessionId is null ? BearerRefusals.SessionMissing : null);

    /// <summary>Takes it for as long as its account is there and active, which costs a query.</summary>
    public static async ValueTask<Refusal?> AskAccountAsync(HttpContext context, TokenClaims claims)
    {
        if (claims.SessionId is not null)
        {
            return null;
        }

        var services = context.RequestServices;
        try
        {
            var account = await services.GetRequiredService<IAccounts>().DescribeAsync(claims.Subject, context.RequestAborted).ConfigureAwait(false);
            return account is null ? BearerRefusals.AccountUnknown : account.IsActive ? null : BearerRefusals.AccountInactive;
        }
        catch (Exception exception) when (Outage.Is(exception, out var retryAfter))
        {
            EndpointLog.Unavailable(services.GetRequiredService<ILogger<OutageFilter>>(), context.Request.Path, exception);
            return BearerRefusals.Unavailable(retryAfter);
        }
    }
}
