using Countersign.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MixedApp;

[ApiController]
[Route("notes")]
public sealed class NotesController : ControllerBase
{
    /// <summary>For those with a token: the parameter requires it.</summary>
    [HttpGet]
    public ActionResult<string> Find(CurrentUser user) => $"Notes of {user.UserId}";

    /// <summary>The same with the account, which costs a query.</summary>
    [HttpPost]
    public ActionResult<string> Add(Note note, CurrentUser<AppUser> user) => $"{user.Account.Email}: {note.Text}";

    /// <summary>For everybody. Those with a token are greeted.</summary>
    [HttpGet("greeting")]
    [AllowAnonymous]
    public ActionResult<string> Greet(CurrentUser? user) => user is null ? "Hello" : $"Hello, {user.UserId}";

    /// <summary>For those with a token or the cookie.</summary>
    [HttpGet("own")]
    [Authorize]
    public ActionResult<string> FindOwn() => $"Notes of {User.Identity?.Name}";
}
