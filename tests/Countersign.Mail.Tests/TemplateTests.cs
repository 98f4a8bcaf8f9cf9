using Countersign.AspNetCore;

namespace Countersign.Mail.Tests;

/// <summary>The templates: those that are built in, and those of a folder.</summary>
public sealed class TemplateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    public static TheoryData<AccountMailKind> Kinds => [.. Enum.GetValues<AccountMailKind>().Where(static kind => kind is not AccountMailKind.Test)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Render_EveryKind_SaysWhenFromWhereAndWhatToDo(AccountMailKind kind)
    {
        var content = await Read().RenderAsync(Mails.Of(kind), "Example");

        foreach (var text in new[] { content.Text, content.Html })
        {
            Assert.Contains("2026-12-01 09:41 UTC", text, StringComparison.Ordinal);
            Assert.Contains("192.0.2.7", text, StringComparison.Ordinal);
            Assert.Contains("Firefox on Windows", text, StringComparison.Ordinal);
            Assert.Contains("Ada Lovelace", text, StringComparison.Ordinal);
            Assert.Contains("it was not you", text, StringComparison.Ordinal);
            Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        }

        Assert.Contains("Example", content.Subject, StringComparison.Ordinal);
        Assert.Equal(Mails.Of(kind).Link is not null, content.Text.Contains("#token=", StringComparison.Ordinal));
    }

    /// <summary>A mail loads nothing: no picture tells a sender that it was read.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Render_EveryKind_LoadsNothing(AccountMailKind kind)
    {
        var html = (await Read().RenderAsync(Mails.Of(kind), "Example")).Html;

        foreach (var loading in new[] { "<img", "src=", "url(", "<script", "<link", "@import" })
        {
            Assert.DoesNotContain(loading, html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("Ada\r\nBcc: eve@example.com\r\n\r\n<b>")]
    [InlineData("Ada \u202Emoc.live\u202C")]
    [InlineData("{{ link }}{% raw %}")]
    public async Task Render_HostileTexts_StayText(string hostile)
    {
        var mail = Mails.Of(AccountMailKind.PasswordChanged, name: hostile, device: hostile, network: hostile);

        var content = await Read().RenderAsync(mail, hostile);

        Assert.DoesNotContain("<script>", content.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", content.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("onmouseover=\"", content.Html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', content.Html + content.Text + content.Subject);
        Assert.DoesNotContain('\n', content.Subject);
        Assert.DoesNotContain("\nBcc:", content.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada@example.com\r\nBcc: eve@example.com")]
    [InlineData("ada@example.com, eve@example.com")]
    [InlineData("Ada <ada@example.com>")]
    [InlineData("ada")]
    [InlineData("")]
    public async Task Compose_ToIsNotOneAddress_IsRejected(string to)
    {
        var composer = new MailComposer(Read(), MailComposer.Parse("accounts@example.com")!, null, "Example");

        await Assert.ThrowsAsync<MailRejectedException>(() => composer.ComposeAsync(Mails.Reset(to)));
    }

    [Fact]
    public async Task Render_FolderWithALanguage_TakesTheNearest()
    {
        Write("de/reset_password.text.liquid", "Subject: Neues Passwort\nHallo {{ display_name }}: {{ link }} gilt {{ lifetime_minutes }} Minuten.");
        Write("password_changed.text.liquid", "Subject: Changed at {{ product }}\nOurs.");
        var templates = Read(_folder);

        var austrian = await RenderAsync(AccountMailKind.ResetPassword, "de-AT");
        var french = await RenderAsync(AccountMailKind.ResetPassword, "fr");
        var changed = await RenderAsync(AccountMailKind.PasswordChanged, "de");

        Assert.Equal("Neues Passwort", austrian.Subject);
        Assert.StartsWith("Hallo Ada Lovelace", austrian.Text, StringComparison.Ordinal);
        Assert.Equal("Set a new password for Example", french.Subject);
        Assert.Equal("Ours.\n", changed.Text);

        Task<MailContent> RenderAsync(AccountMailKind kind, string culture) => templates.RenderAsync(Mails.Of(kind, culture: culture), "Example");
    }

    [Theory]
    [InlineData("reset_password.text.liquid", "Subject: x\n{% if link %}", "reset_password.text.liquid")]
    [InlineData("reset_password.text.liquid", "Subject: x\n{{ no_such_variable }}", "no_such_variable")]
    [InlineData("reset_password.html.liquid", "{% if device == \"\" %}{{ wrong }}{% endif %}", "wrong")]
    [InlineData("reset_password.text.liquid", "{{ link | no_such_filter }}", "no_such_filter")]
    [InlineData("reset_password.text.liquid", "Hello", "The first line must be")]
    [InlineData("layout.html.liquid", "{{ oops }}", "oops")]
    [InlineData("reset_passwort.text.liquid", "x", "reset_passwort.text.liquid is not a template")]
    [InlineData("english-words/reset_password.text.liquid", "x", "not named after a language")]
    [InlineData("reset_password.text.liquid", "Subject: x\n{% for i in (1..1000000) %}{{ i }}{% endfor %}", "reset_password.text.liquid")]
    public void Read_BrokenTemplate_IsAFaultThatNamesIt(string name, string content, string expected)
    {
        Write(name, content);
        List<string> faults = [];

        MailTemplates.Read(_folder, faults);

        Assert.NotEmpty(faults);
        Assert.Contains(expected, string.Join(' ', faults), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Validate_SeveralFaults_AllAtOnce()
    {
        Write("a.liquid", "x");
        Write("b.liquid", "x");
        var options = new CountersignMailOptions { From = "nobody", ReplyTo = "a@example.com, b@example.com", Templates = _folder };

        var failures = new MailSettingsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(4, failures.Count);
        Assert.All(failures, static failure => Assert.StartsWith("Auth:Mail:", failure, StringComparison.Ordinal));
    }

    private static MailTemplates Read(string? folder = null)
    {
        List<string> faults = [];
        var templates = MailTemplates.Read(folder, faults);
        Assert.Empty(faults);
        return templates;
    }

    private void Write(string name, string content)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
