using Countersign.AspNetCore;
using Countersign.Bearer;

namespace Microsoft.AspNetCore.SignalR;

/// <summary>Finds the account that opened a SignalR connection.</summary>
public static class CountersignHubCallerContextExtensions
{
    /// <summary>
    /// The account that opened the connection, in a hub: <c>Context.GetCurrentUser()</c>. It costs no query. The hub must require the login, as with
    /// <c>[Authorize]</c>.
    /// </summary>
    /// <remarks>
    /// It says what the access token said when the connection was opened. A connection outlives its token unless the hub is mapped with
    /// <c>CloseOnAuthenticationExpiration</c>.
    /// </remarks>
    /// <param name="context">The connection.</param>
    /// <exception cref="HubException">
    /// The connection was opened without a good token of the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/>. The client sees the message.
    /// </exception>
    public static CurrentUser GetCurrentUser(this HubCallerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return CurrentUser.Find(context.GetHttpContext(), context.User) ?? throw new HubException("This call requires a login with an access token.");
    }
}
