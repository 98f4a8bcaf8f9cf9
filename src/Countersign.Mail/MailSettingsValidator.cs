using Countersign.AspNetCore;
using Microsoft.Extensions.Options;

namespace Countersign.Mail;

/// <summary>Checks what only the sender can: addresses, templates, and a password that would be sent without TLS.</summary>
internal sealed class MailSettingsValidator : IValidateOptions<CountersignMailOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CountersignMailOptions options)
    {
        const string Section = CountersignMailOptions.SectionName;
        List<string> faults = [];
        foreach (var (setting, value) in new[] { (nameof(options.From), options.From), (nameof(options.ReplyTo), options.ReplyTo) })
        {
            if (value is not null && MailComposer.Parse(value) is null)
            {
                faults.Add($"{Section}:{setting} is \"{value}\", which is not one address. Write accounts@example.com, or Example <accounts@example.com>.");
            }
        }

        List<string> templates = [];
        MailTemplates.Read(options.Templates, templates);
        faults.AddRange(templates.Select(static fault => $"{Section}:{nameof(options.Templates)}: {fault}"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
