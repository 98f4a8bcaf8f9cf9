namespace Countersign.Mail;

/// <summary>A rendered mail.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The page.</param>
internal sealed record MailContent(string Subject, string Text, string Html);
