using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Countersign.AspNetCore;
using Fluid;

namespace Countersign.Mail;

/// <summary>
/// The templates of all mails, in the language of Liquid. Each kind has a text, whose first line is the subject, and a page in HTML, which is put into the
/// layout. English ones are built in; those of a folder replace them, and add languages.
/// </summary>
internal sealed class MailTemplates
{
    private const string Layout = "layout.html.liquid";
    private const string Subject = "Subject:";

    /// <summary>More than any sensible template takes, so that one that never ends can't stop the worker.</summary>
    private const int MaxSteps = 100_000;

    private static readonly FluidParser Parser = new();

    private static readonly TemplateOptions Options =
        new() { StrictVariables = true, StrictFilters = true, MaxSteps = MaxSteps, CultureInfo = CultureInfo.InvariantCulture };

    private static readonly string[] Names =
        [Layout, .. Enum.GetValues<AccountMailKind>().SelectMany(static kind => new[] { TextOf(kind), HtmlOf(kind) })];

    // By language (empty for none) and name.
    private readonly Dictionary<(string Culture, string Name), MailTemplate> _templates = [];

    private MailTemplates()
    {
    }

    /// <summary>Reads the built-in templates, and those of a folder.</summary>
    /// <param name="folder">The folder; null for none. Its sub-folders are named after languages: <c>de</c>, <c>de-AT</c>.</param>
    /// <param name="faults">Gets everything that is wrong with the folder's templates.</param>
    public static MailTemplates Read(string? folder, List<string> faults)
    {
        var templates = new MailTemplates();
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in Names)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream($"templates/{name}")!);
            templates.Add(string.Empty, name, $"the built-in {name}", reader.ReadToEnd(), faults);
        }

        if (folder is not null)
        {
            templates.ReadFolder(folder, faults);
        }

        if (faults.Count == 0)
        {
            templates.TryAll(faults);
        }

        return templates;
    }

    /// <summary>Renders a mail in its language, or in the nearest one that there is.</summary>
    public async Task<MailContent> RenderAsync(AccountMail mail, string product)
    {
        var text = await RenderAsync(Find(mail.Culture, TextOf(mail.Kind)), mail, product, NullEncoder.Default).ConfigureAwait(false);
        var (subject, body) = Split(text);
        var content = await RenderAsync(Find(mail.Culture, HtmlOf(mail.Kind)), mail, product, HtmlEncoder.Default).ConfigureAwait(false);
        var html = await RenderAsync(Find(mail.Culture, Layout), mail, product, HtmlEncoder.Default, ("content", content), ("subject", subject))
            .ConfigureAwait(false);
        return new MailContent(subject, body, html);
    }

    private static string TextOf(AccountMailKind kind) => $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString())}.text.liquid";

    private static string HtmlOf(AccountMailKind kind) => $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString())}.html.liquid";

    private static async Task<string> RenderAsync(
        MailTemplate template, AccountMail mail, string product, TextEncoder encoder, params (string Name, string Value)[] further)
    {
        var context = new TemplateContext(Options);
        foreach (var (name, value) in (IEnumerable<(string, object)>)
            [.. MailVariables.Of(mail, product), .. further.Select(static one => (one.Name, (object)one.Value))])
        {
            context.SetValue(name, value);
        }

        return await template.Template.RenderAsync(context, encoder).ConfigureAwait(false);
    }

    /// <summary>Takes the subject from the first line of a text.</summary>
    private static (string Subject, string Body) Split(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 || !text.StartsWith(Subject, StringComparison.Ordinal) || text[Subject.Length..end].Trim() is not { Length: > 0 } subject
            ? throw new FormatException($"The first line must be \"{Subject} …\".")
            : (subject, text[(end + 1)..].Trim() + "\n");
    }

    private void ReadFolder(string folder, List<string> faults)
    {
        if (!Directory.Exists(folder))
        {
            faults.Add($"The folder {folder} does not exist.");
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.liquid", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var place = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var parts = place.Split('/');
            if (parts.Length > 2 || !Names.Contains(parts[^1], StringComparer.Ordinal))
            {
                faults.Add($"{place} is not a template of Countersign. They are: {string.Join(", ", Names)}, in the folder itself or in one of a language.");
            }
            else if (parts.Length == 2 && !IsLanguage(parts[0]))
            {
                faults.Add($"{place} is in a folder that is not named after a language, such as de or de-AT.");
            }
            else
            {
                Add(parts.Length == 2 ? parts[0] : string.Empty, parts[^1], place, File.ReadAllText(file), faults);
            }
        }
    }

    private static bool IsLanguage(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true).Name.Length > 0;
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }

    private void Add(string culture, string name, string place, string source, List<string> faults)
    {
        if (Parser.TryParse(source, out var template, out var error))
        {
            _templates[(culture.ToUpperInvariant(), name)] = new MailTemplate(place, template);
        }
        else
        {
            faults.Add($"{place}: {error}");
        }
    }

    private MailTemplate Find(CultureInfo culture, string name)
    {
        for (var one = culture; one.Name.Length > 0; one = one.Parent)
        {
            if (_templates.TryGetValue((one.Name.ToUpperInvariant(), name), out var template))
            {
                return template;
            }
        }

        return _templates[(string.Empty, name)];
    }

    /// <summary>Renders every template with everything and with as little as a mail can have. So a wrong variable stops the start, and not a mail.</summary>
    private void TryAll(List<string> faults)
    {
        foreach (var culture in _templates.Keys.Select(static key => key.Culture).Distinct(StringComparer.Ordinal))
        {
            foreach (var kind in Enum.GetValues<AccountMailKind>())
            {
                foreach (var sample in MailVariables.Samples(kind, CultureInfo.GetCultureInfo(culture)))
                {
                    try
                    {
                        RenderAsync(sample, "Example").GetAwaiter().GetResult();
                    }
                    catch (Exception exception) when (exception is FluidException or FormatException or InvalidOperationException)
                    {
                        var places = string.Join(" or ", new[] { TextOf(kind), HtmlOf(kind), Layout }.Select(name => Find(sample.Culture, name).Name));
                        faults.Add($"{places}: {exception.Message}");
                        break;
                    }
                }
            }
        }
    }
}
