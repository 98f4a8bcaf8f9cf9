using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Countersign.AspNetCore.Settings;

/// <summary>Every key that the section <c>Auth</c> may have, from the properties of the options classes.</summary>
internal sealed class KnownSettings
{
    private readonly Setting[] _table;
    private readonly Dictionary<string, Setting> _byPattern;
    private readonly string[] _sections;

    /// <param name="classes">The options classes, each with the full name of its section, in the order of the documentation.</param>
    public KnownSettings(IEnumerable<(string Section, Type Type)> classes)
    {
        var listed = classes.ToList();
        _table = [.. listed.SelectMany(static one => SettingsOf(one.Section, one.Type))];
        _byPattern = _table.ToDictionary(static setting => setting.Pattern, StringComparer.OrdinalIgnoreCase);

        // A list of objects is a section too.
        _sections =
        [
            .. _table.Select(static setting => setting.Key.Split(':'))
                .Where(static parts => parts.Length > 2)
                .Select(static parts => $"{parts[0]}:{parts[1]}")
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The keys that an app with Countersign's packages may set.</summary>
    public static KnownSettings OfPackages { get; } = new(
        [(CountersignOptions.SectionName, typeof(CountersignOptions)), (CountersignUserOptions.SectionName, typeof(CountersignUserOptions))]);

    /// <summary>The settings, in the order of the documentation.</summary>
    public IReadOnlyList<Setting> All => _table;

    /// <summary>
    /// Finds a setting. Keys ignore case, as configuration does. <c>Key:0</c>, <c>Key:1</c>, … are the members of a list, and each can have settings below it.
    /// A list itself has no value; a value there would be ignored.
    /// </summary>
    /// <returns>Null if there is no such setting, and for a key that contains <c>#</c>, which stands for an index in the table.</returns>
    public Setting? Find(string key) => key.Contains('#', StringComparison.Ordinal) ? null : _byPattern.GetValueOrDefault(PatternOf(key));

    /// <summary>The keys under <c>Auth</c> with a value that nothing reads.</summary>
    public IEnumerable<string> FindUnknown(IConfiguration configuration) =>
        Values(configuration).Select(static value => value.Key).Where(key => Find(key) is null);

    /// <summary>All keys under <c>Auth</c> with a value.</summary>
    /// <param name="configuration">The configuration; null if the app has none.</param>
    public static IEnumerable<(string Key, string Value)> Values(IConfiguration? configuration)
    {
        // A key without a value is only the path to another key; `WebApplicationFactory` gives such keys an empty one. The section's own value belongs to
        // another program that uses this environment variable.
        foreach (var (key, value) in configuration?.GetSection(CountersignOptions.SectionName).AsEnumerable() ?? [])
        {
            if (value is not null && !string.Equals(key, CountersignOptions.SectionName, StringComparison.OrdinalIgnoreCase)
                && (value.Length > 0 || !configuration!.GetSection(key).GetChildren().Any()))
            {
                yield return (key, value);
            }
        }
    }

    /// <summary>Whether a key is below a section whose settings are all known.</summary>
    public bool IsInSection(string key) => _sections.Any(section => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>The known key whose spelling is nearest to an unknown one.</summary>
    public string Nearest(string key)
    {
        var pattern = PatternOf(key);
        var parent = Parent(pattern);

        // A key below a member of a list can only mean another setting of that member. Otherwise the last part decides between keys at the same distance:
        // "Auth:IdleLifetime" means "Auth:Sessions:IdleLifetime".
        var siblings = _table
            .Where(setting => parent.Contains('#', StringComparison.Ordinal)
                && string.Equals(Parent(setting.Pattern), parent, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var nearest = (siblings.Count > 0 ? siblings : [.. _table]).MinBy(setting =>
            (Math.Min(Distance(setting.Pattern, pattern), Distance(Leaf(setting.Key), Leaf(pattern))), Distance(setting.Pattern, pattern)))!;
        return nearest.ToString(key.Split(':').Where(IsIndex));
    }

    /// <summary>Reads the index of a member of a list.</summary>
    public static bool TryReadIndex(string part, out int index) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    private static IEnumerable<Setting> SettingsOf(string section, Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => SettingsOf($"{section}:{property.Name}", property));

    private static IEnumerable<Setting> SettingsOf(string key, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => [Setting.Text(key, mayBeEmpty: key == $"{CountersignOptions.SectionName}:{nameof(CountersignOptions.ApiPrefix)}")],
            _ when type == typeof(bool) => [Setting.Flag(key)],
            _ when type == typeof(int) => [Setting.Integer(key)],
            _ when type == typeof(double) => [Setting.Number(key)],
            _ when type == typeof(TimeSpan) => [Setting.Duration(key)],
            _ when type == typeof(DateTimeOffset) => [Setting.Instant(key)],
            { IsEnum: true } => [Setting.Choice(key, Enum.GetNames(type))],
            _ when type == typeof(IList<string>) => [Setting.TextList(key)],
            { IsClass: true, Namespace: { } name } when name.StartsWith(nameof(Countersign), StringComparison.Ordinal) => SettingsOf(key, type),
            _ when type == typeof(IList<CountersignClientOptions>) => SettingsOf(key + ":#", typeof(CountersignClientOptions)),

            // Settings of object types are set in code.
            _ => [],
        };
    }

    private static bool IsIndex(string part) => TryReadIndex(part, out _);

    private static string PatternOf(string key) => string.Join(':', key.Split(':').Select(static part => IsIndex(part) ? "#" : part));

    private static string Parent(string key) => key[..Math.Max(0, key.LastIndexOf(':'))];

    private static string Leaf(string key) => key[(key.LastIndexOf(':') + 1)..];

    /// <summary>The Levenshtein distance, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var same = char.ToUpperInvariant(left[line - 1]) == char.ToUpperInvariant(right[column - 1]);
                var substituted = diagonal + (same ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(substituted, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
