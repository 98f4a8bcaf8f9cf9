using Countersign.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace MixedApp;

[Authorize(AuthenticationSchemes = "Countersign")]
public sealed class ChatHub : Hub
{
    public Task SayAsync(string text) => Clients.All.SendAsync("said", Context.GetCurrentUser().UserId, text, Context.ConnectionAborted);

    public string WhoAmI() => Context.GetCurrentUser().UserId;
}
