using Countersign.AspNetCore;

namespace Countersign.Mail.Tests;

/// <summary>Writes every mail as a file and as a page, for people to look at.</summary>
public sealed class SampleTests
{
    public static TheoryData<AccountMailKind> Kinds => [.. Enum.GetValues<AccountMailKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Compose_EveryKind_IsKeptToLookAt(AccountMailKind kind)
    {
        List<string> faults = [];
        var templates = MailTemplates.Read(null, faults);
        var composer = new MailComposer(templates, MailComposer.Parse("Example <accounts@example.com>")!, null, "Example");
        using var message = await composer.ComposeAsync(Mails.Of(kind));
        var folder = Directory.CreateDirectory(Path.Combine(Countersign.Harness.Repository.Root, "artifacts", "mails")).FullName;

        await message.WriteToAsync(Path.Combine(folder, $"{kind}.eml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{kind}.html"), message.HtmlBody, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{kind}.txt"), message.TextBody, TestContext.Current.CancellationToken);

        Assert.Equal("text/plain", ((MimeKit.Multipart)message.Body!)[0].ContentType.MimeType);
        Assert.All(File.ReadAllLines(Path.Combine(folder, $"{kind}.eml")), static line => Assert.True(line.Length <= 998 && line.All(char.IsAscii)));
    }
}
