namespace Countersign.Mail;

/// <summary>Where mails are written that are not sent.</summary>
/// <param name="Path">The folder; made when it is needed.</param>
internal sealed record MailFolder(string Path);
