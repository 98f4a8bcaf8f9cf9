using Countersign.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Mail;

/// <summary>Makes the links of mails.</summary>
/// <param name="options">The pages of the settings.</param>
/// <param name="services">The issuer is read at the first mail: it can be the bound address, which is not known before.</param>
/// <param name="pages">The host's own pages, below the issuer; null if it has none.</param>
internal sealed class MailLinks(IOptions<CountersignMailOptions> options, IServiceProvider services, MailPages? pages = null)
{
    /// <summary>Whether there is a page for a kind of mail with a token.</summary>
    public bool HasPage(AccountMailKind kind) => (PageOf(kind) ?? pages?.PathOf(kind)) is not null;

    /// <summary>The address of the page with the token in its fragment. Browsers don't send it, so no log and no <c>Referer</c> has it.</summary>
    public Uri Make(AccountMailKind kind, string token)
    {
        var page = PageOf(kind) ?? services.GetRequiredService<TokenPolicy>().Issuer!.TrimEnd('/') + pages!.PathOf(kind);
        return new Uri($"{page}#token={token}");
    }

    private string? PageOf(AccountMailKind kind) => kind switch
    {
        AccountMailKind.ConfirmEmail => options.Value.Links.ConfirmEmail,
        AccountMailKind.ResetPassword => options.Value.Links.ResetPassword,
        _ => null,
    };
}

/// <summary>The paths of a host's own pages.</summary>
/// <param name="ConfirmEmailPath">The page that confirms an address.</param>
/// <param name="ResetPasswordPath">The page that sets a new password.</param>
internal sealed record MailPages(string ConfirmEmailPath, string ResetPasswordPath)
{
    /// <summary>The path of a kind of mail; null if it has no page.</summary>
    public string? PathOf(AccountMailKind kind) => kind switch
    {
        AccountMailKind.ConfirmEmail => ConfirmEmailPath,
        AccountMailKind.ResetPassword => ResetPasswordPath,
        _ => null,
    };
}
