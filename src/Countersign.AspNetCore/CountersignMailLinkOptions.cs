using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>
/// The pages that the links of mails lead to: absolute https URLs without a fragment, or http on loopback. The token stands in the fragment
/// (<c>{page}#token=…</c>), so it is in no log and no <c>Referer</c>. The page must send nothing by itself: its button posts the token.
/// </summary>
/// <remarks>The server has pages of its own. An app that sends mails has to set these.</remarks>
public sealed class CountersignMailLinkOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Mail:Links";

    /// <summary>The page that asks for the password and posts it with the token to <c>POST /auth/confirm-email</c>.</summary>
    public string? ConfirmEmail { get; set; }

    /// <summary>The page that asks for a new password and posts it with the token to <c>POST /auth/reset-password</c>.</summary>
    public string? ResetPassword { get; set; }

    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        foreach (var (name, page) in new[] { (nameof(ConfirmEmail), ConfirmEmail), (nameof(ResetPassword), ResetPassword) })
        {
            if (page is not null && !IsPage(page))
            {
                check.Add(name, $"is \"{page}\", which can't be the address of the page", "Write an absolute https URL without a fragment.");
            }
        }

        return check.Faults;
    }

    private static bool IsPage(string page) =>
        Uri.TryCreate(page, UriKind.Absolute, out var uri)
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && CountersignMailOptions.IsLoopback(uri.IdnHost)));
}
