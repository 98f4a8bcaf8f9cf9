using System.Globalization;
using Countersign.AspNetCore;

namespace Countersign.Mail.Tests;

/// <summary>Mails of a test.</summary>
internal static class Mails
{
    private static readonly Guid Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

    public static AccountMail Reset(string to = "ada@example.com") => Of(AccountMailKind.ResetPassword, to);

    public static AccountMail Of(
        AccountMailKind kind,
        string to = "ada@example.com",
        string? name = "Ada Lovelace",
        string? device = "Firefox on Windows",
        string? network = "192.0.2.7",
        string culture = "") => new()
    {
        Id = Id,
        Kind = kind,
        To = to,
        UserId = "ada",
        DisplayName = name,
        Device = device,
        Network = network,
        Culture = CultureInfo.GetCultureInfo(culture),
        At = new DateTimeOffset(2026, 12, 1, 9, 41, 0, TimeSpan.Zero),
        Link = kind is AccountMailKind.ConfirmEmail or AccountMailKind.ResetPassword
            ? new Uri("https://auth.example.com/account/page#token=dGhpcyBpcyBub3QgYSB0b2tlbiBidXQgYSBzYW1wbGU")
            : null,
        LinkLifetime = kind switch
        {
            AccountMailKind.ConfirmEmail => TimeSpan.FromDays(3),
            AccountMailKind.ResetPassword => TimeSpan.FromMinutes(30),
            _ => null,
        },
    };
}
