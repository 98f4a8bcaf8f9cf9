using Countersign.AspNetCore;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace MixedApp.Pages;

/// <summary>A page, or a part of one, that a client with a token loads.</summary>
public sealed class ProfileModel : PageModel
{
    public string UserId { get; private set; } = "";

    public void OnGet(CurrentUser user) => UserId = user.UserId;
}
