using System.Text.Json;

namespace Countersign.AspNetCore.Mail;

/// <summary>The kinds of mails: their names in the database, and what is special about each.</summary>
internal static class MailKinds
{
    /// <summary>
    /// A sign-up. Which mail it becomes is found out when it is sent: <see cref="AccountMailKind.ConfirmEmail"/>, or
    /// <see cref="AccountMailKind.AccountExists"/> if the address is an account's already.
    /// </summary>
    public const string SignUp = "sign_up";

    private static readonly Dictionary<string, AccountMailKind> ByName = Enum.GetValues<AccountMailKind>().ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The stable name of a kind, in snake case. It is also the purpose of the kind's tokens.</summary>
    public static string NameOf(AccountMailKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>Finds a kind; null for <see cref="SignUp"/>, and for a name that a newer version has written.</summary>
    public static AccountMailKind? Find(string name) => ByName.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>How long the link of a mail can be used, from the sending; null for a mail without a token.</summary>
    public static TimeSpan? LifetimeOf(AccountMailKind kind) => kind switch
    {
        AccountMailKind.ConfirmEmail => TimeSpan.FromDays(3),
        AccountMailKind.ResetPassword => TimeSpan.FromMinutes(30),
        _ => null,
    };

    /// <summary>Whether a stranger can cause the mail, so that an account gets only so many. A notice is always sent.</summary>
    public static bool IsLimited(AccountMailKind kind) =>
        kind is AccountMailKind.ConfirmEmail or AccountMailKind.ResetPassword or AccountMailKind.AccountExists;
}
