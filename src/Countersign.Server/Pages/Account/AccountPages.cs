using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Mail;

namespace Countersign.Server.Pages.Account;

/// <summary>
/// The pages that the links of mails lead to. Opening one changes nothing: a mail program that looks at every link does no harm. Only the button posts.
/// </summary>
internal static class AccountPages
{
    public const string ConfirmEmailPath = "/account/confirm-email";
    public const string ResetPasswordPath = "/account/reset-password";
    public const string ForgotPasswordPath = "/account/forgot-password";
    public const string ResendConfirmationPath = "/account/resend-confirmation";

    private const string AddressField =
        """
        <label for="email">E-mail address</label>
        <input id="email" name="email" type="email" autocomplete="email" inputmode="email" required>
        """;

    private static readonly string Script = ReadScript();

    /// <summary>The pages of the mails.</summary>
    public static MailPages Pages { get; } = new(ConfirmEmailPath, ResetPasswordPath);

    /// <summary>Maps the pages.</summary>
    /// <param name="pages">The group of the server's pages.</param>
    /// <param name="apiPrefix">The prefix of the routes.</param>
    public static void Map(IEndpointRouteBuilder pages, string apiPrefix)
    {
        var auth = $"..{apiPrefix}/auth";
        Map(pages, ConfirmEmailPath, "getConfirmEmailPage", "The page of the mail that confirms an address", Render(
            "Confirm your e-mail address",
            "Enter the password that you chose when you signed up. It shows that it was you.",
            $"{auth}/confirm-email",
            PasswordField("password", "Password", "current-password"),
            "Confirm the address",
            "Your address is confirmed. You can log in now.",
            needsToken: true,
            ("resend-confirmation", "Ask for a new mail"),
            ("forgot-password", "Forgot password")));
        Map(pages, ResetPasswordPath, "getResetPasswordPage", "The page of the mail for a new password", Render(
            "Set a new password",
            "All your devices are logged out then. Use a password that you use nowhere else: a few words are easy to remember and hard to guess.",
            $"{auth}/reset-password",
            PasswordField("new_password", "New password", "new-password"),
            "Set the password",
            "Your new password is set. You can log in with it now.",
            needsToken: true,
            ("forgot-password", "Ask for a new mail")));
        Map(pages, ForgotPasswordPath, "getForgotPasswordPage", "The page that asks for that mail", Render(
            "Forgot password",
            "Enter the address of your account. If it has one, you get a mail with a link to set a new password.",
            $"{auth}/forgot-password",
            AddressField,
            "Send the mail",
            "If this address has an account, a mail is on its way. Look into the spam folder too.",
            needsToken: false));
        Map(pages, ResendConfirmationPath, "getResendConfirmationPage", "The page that asks for another confirmation", Render(
            "Confirm your e-mail address",
            "Enter the address that you signed up with. If it is not confirmed yet, you get a new mail.",
            $"{auth}/resend-confirmation",
            AddressField,
            "Send the mail",
            "If this address waits for its confirmation, a mail is on its way. Look into the spam folder too.",
            needsToken: false));
    }

    private static void Map(IEndpointRouteBuilder pages, string path, string name, string summary, Page page) =>
        pages.MapGet(path, IResult () => page).Named(name).WithSummary(summary).Produces<string>(StatusCodes.Status200OK, "text/html");

    private static Page Render(
        string title, string about, string action, string fields, string button, string done, bool needsToken, params (string Page, string Name)[] further)
    {
        var links = further.Length == 0
            ? string.Empty
            : $"<p class=\"further\">{string.Join(" · ", further.Select(static link => $"<a href=\"{link.Page}\">{link.Name}</a>"))}</p>";
        var main =
            $"""
             <section class="card">
             <h1>{title}</h1>
             <p class="about">{about}</p>
             <form data-action="{action}" data-done="{done}"{(needsToken ? " data-needs-token" : null)} hidden>
             {fields}
             <button type="submit">{button}</button>
             </form>
             <p id="result" role="status" tabindex="-1" hidden></p>
             <noscript><p class="bad">This page needs JavaScript.</p></noscript>
             {links}
             </section>
             """;
        return new Page(PageFrame.Render(title, main, way: string.Empty, width: "narrow", script: Script), PageFrame.ContentSecurityPolicyOf(Script));
    }

    private static string PasswordField(string name, string label, string autocomplete) =>
        $"""
         <label for="{name}">{label}</label>
         <div class="field">
         <input id="{name}" name="{name}" type="password" autocomplete="{autocomplete}" required>
         <button type="button" data-shows="{name}" aria-pressed="false">Show</button>
         </div>
         """;

    private static string ReadScript()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("pages/account.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
