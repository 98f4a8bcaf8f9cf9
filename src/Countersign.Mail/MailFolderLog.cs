using Countersign.AspNetCore;
using Microsoft.Extensions.Logging;

namespace Countersign.Mail;

/// <summary>The log messages of mails that are written into a folder. Only here a link is logged: nobody else can be meant.</summary>
internal static partial class MailFolderLog
{
    [LoggerMessage(EventId = 3601, Level = LogLevel.Information, Message = "Mail {Kind}: {File}")]
    public static partial void Written(ILogger logger, AccountMailKind kind, string file);

    [LoggerMessage(EventId = 3602, Level = LogLevel.Information, Message = "Mail {Kind}: {File}\n      Its link: {Link}")]
    public static partial void WrittenWithLink(ILogger logger, AccountMailKind kind, string file, Uri link);
}
