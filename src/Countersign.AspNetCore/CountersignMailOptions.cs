using System.Net;
using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>
/// How mails of accounts are sent, and where their links lead. With <see cref="Host"/> the package <c>Countersign.Mail</c> sends them by SMTP. An app's own
/// <see cref="IAccountMail"/> needs only <see cref="Links"/>.
/// </summary>
public sealed class CountersignMailOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Mail";

    /// <summary>The SMTP server's name or address. Null by default: then nothing is sent by SMTP.</summary>
    public string? Host { get; set; }

    /// <summary>
    /// The SMTP server's port, 1 to 65535. Null by default: then it is 587, 465 with <see cref="MailSecurity.Tls"/>, and 25 with
    /// <see cref="MailSecurity.None"/>.
    /// </summary>
    public int? Port { get; set; }

    /// <summary>How the connection to the SMTP server is protected, <see cref="MailSecurity.StartTls"/> by default.</summary>
    public MailSecurity Security { get; set; }

    /// <summary>The user name at the SMTP server (RFC 4954). Null by default: then nobody logs in there.</summary>
    public string? UserName { get; set; }

    /// <summary>The password at the SMTP server. It must be set together with <see cref="UserName"/>, and neither without TLS, except on loopback.</summary>
    public string? Password { get; set; }

    /// <summary>The sender: an address, also with a name, such as <c>Example &lt;accounts@example.com&gt;</c>. Required with <see cref="Host"/>.</summary>
    public string? From { get; set; }

    /// <summary>The address that answers go to. Null by default: then they go to <see cref="From"/>.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>What the mails call this service: at most 64 characters. Null by default: the host of the issuer.</summary>
    public string? ProductName { get; set; }

    /// <summary>
    /// A folder with templates that replace or add to those of <c>Countersign.Mail</c>. Null by default. A template that can't be read stops the start.
    /// </summary>
    public string? Templates { get; set; }

    /// <summary>
    /// A folder into which mails are written instead of being sent, with their links in the log: for development and trials. Null by default: then that
    /// happens, in a folder of the user, only in Development or with a loopback issuer, if <see cref="Host"/> is not set.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>The pages that the links lead to.</summary>
    public CountersignMailLinkOptions Links { get; } = new();

    /// <summary>Returns the type's name, because the options hold a password.</summary>
    public override string ToString() => nameof(CountersignMailOptions);

    /// <summary>Finds all faults, except those of the links, and those of templates and addresses, which the sender checks.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        const int MaxProductName = 64;
        var check = new SettingCheck(SectionName);
        if (Port is { } port)
        {
            check.Range(nameof(Port), port, 1, ushort.MaxValue);
        }

        check.Choice(nameof(Security), Security);
        if (Host is not null && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            check.Add(nameof(Host), $"is \"{Host}\", which is not a host", "Write a host name or an address, without a scheme and a port.");
        }
        else if (Host is not null && Security is MailSecurity.None && !IsLoopback(Host))
        {
            check.Add(nameof(Security), "is None, but the host is another machine", $"Write {nameof(MailSecurity.StartTls)} or {nameof(MailSecurity.Tls)}.");
        }

        if (Host is not null && string.IsNullOrWhiteSpace(From))
        {
            check.Add(nameof(From), "is missing", "Write the sender's address, such as Example <accounts@example.com>.");
        }

        if (Host is not null && Folder is not null)
        {
            check.Add(nameof(Folder), "is set, and a host too", $"Set {check.Key(nameof(Host))} to send mails, or {check.Key(nameof(Folder))} to write them.");
        }

        if (UserName is null != Password is null)
        {
            check.Add(
                UserName is null ? nameof(UserName) : nameof(Password),
                "is missing",
                $"Set both {check.Key(nameof(UserName))} and {check.Key(nameof(Password))}, or neither.");
        }

        if (ProductName is { } name && (name.Length is 0 or > MaxProductName || name.Any(char.IsControl)))
        {
            check.Add(nameof(ProductName), "is empty, too long, or has characters that can't be seen", "Write up to 64 visible characters, or leave it out.");
        }

        return check.Faults;
    }

    /// <summary>Whether a host is this machine.</summary>
    internal static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
