using Countersign.AspNetCore;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Countersign.Mail;

/// <summary>Writes messages into a folder that only its owner can read, and their links into the log: for development, where nothing is set.</summary>
internal sealed class FolderDelivery(string folder, ILogger<FolderDelivery> logger) : IMailDelivery
{
    /// <inheritdoc />
    public async Task<string> DeliverAsync(MimeMessage message, AccountMail mail, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // The id begins with the time, so the files are in their order. The same mail again has the same name.
        var file = Path.Combine(folder, $"{mail.Id:D}.eml");
        var stream = PrivateFile.Open(file, FileMode.OpenOrCreate, FileAccess.Write);
        await using (stream.ConfigureAwait(false))
        {
            stream.SetLength(0);
            await message.WriteToAsync(stream, cancellationToken).ConfigureAwait(false);
        }

        if (mail.Link is { } link)
        {
            MailFolderLog.WrittenWithLink(logger, mail.Kind, file, link);
        }
        else
        {
            MailFolderLog.Written(logger, mail.Kind, file);
        }

        return $"written to {file}";
    }
}
