using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Mail;

/// <summary>The log messages about mail. They never hold an address, a link or a token.</summary>
internal static partial class MailLog
{
    [LoggerMessage(
        EventId = 3501, Level = LogLevel.Warning,
        Message = "The mail {Id} ({Kind}) could not be sent. The next attempt is due at {Due:u}.")]
    public static partial void Failed(ILogger logger, Exception exception, Guid id, string kind, DateTimeOffset due);

    [LoggerMessage(EventId = 3502, Level = LogLevel.Error, Message = "The mail {Id} ({Kind}) could not be sent for a day and is dropped.")]
    public static partial void Expired(ILogger logger, Exception exception, Guid id, string kind);

    [LoggerMessage(EventId = 3503, Level = LogLevel.Warning, Message = "The mail {Id} ({Kind}) was rejected and is dropped: {Reason}")]
    public static partial void Rejected(ILogger logger, Guid id, string kind, string reason);

    [LoggerMessage(EventId = 3504, Level = LogLevel.Information, Message = "Account {UserId} had too many mails of the kind {Kind}. One was not sent.")]
    public static partial void Limited(ILogger logger, string userId, string kind);

    [LoggerMessage(EventId = 3505, Level = LogLevel.Warning, Message = "The outbox could not be read or written. The next round is in some seconds.")]
    public static partial void RoundFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 3506, Level = LogLevel.Information,
        Message = "The app's IEmailSender sends the mails that confirm an address and reset a password. These mails are not sent: {Kinds}. "
            + "To send them, register an IAccountMail, or use the package Countersign.Mail.")]
    public static partial void SomeAreNotSent(ILogger logger, string kinds);

    [LoggerMessage(
        EventId = 3507, Level = LogLevel.Information,
        Message = "Countersign sends no mail: there is no IAccountMail, and no IEmailSender with the pages of Auth:Mail:Links, or settings are missing. "
            + "The routes that send mail are not mapped.")]
    public static partial void Off(ILogger logger);
}
