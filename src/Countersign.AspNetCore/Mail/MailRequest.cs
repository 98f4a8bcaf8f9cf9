namespace Countersign.AspNetCore.Mail;

/// <summary>What a mail tells of the request that caused it.</summary>
/// <param name="Culture">The preferred language; null if none is known.</param>
/// <param name="Network">The network; null if it is not known.</param>
/// <param name="Device">The client, in words; null if it is not known.</param>
internal sealed record MailRequest(string? Culture, string? Network, string? Device)
{
    /// <summary>A change that no request has caused.</summary>
    public static MailRequest None { get; } = new(null, null, null);
}
