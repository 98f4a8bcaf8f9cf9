using System.Globalization;

namespace Countersign.AspNetCore.Settings;

/// <summary>One setting of the section <c>Auth</c>: its key, and the rule that its text must follow before it is bound.</summary>
internal sealed class Setting
{
    private const int OffsetLength = 6;

    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly Func<string, (string Problem, string Remedy)?> _check;

    private Setting(string key, Func<string, (string Problem, string Remedy)?> check)
    {
        Key = key;
        _check = check;
    }

    /// <summary>
    /// The full key, with colons: <c>Auth:Sessions:IdleLifetime</c>. The sign <c>#</c> stands for the index of a member of a list: <c>Auth:Clients:#:Id</c>.
    /// </summary>
    public string Key { get; }

    /// <summary>Whether the values are under <c>Key:0</c>, <c>Key:1</c>, ….</summary>
    public bool IsList { get; private init; }

    /// <summary>Whether every text can be bound to it, even a blank one.</summary>
    public bool IsText { get; private init; }

    /// <summary>Whether an empty text is a value too.</summary>
    public bool MayBeEmpty { get; private init; }

    /// <summary>The key of a value, with <c>#</c> for every index. For a list, the key of its members.</summary>
    public string Pattern => IsList ? Key + ":#" : Key;

    /// <summary>Whether it is set once for each member of a list, or is a list itself.</summary>
    public bool IsIndexed => Pattern.Contains('#', StringComparison.Ordinal);

    /// <summary>Text of any kind.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mayBeEmpty">Whether an empty text is a value too.</param>
    public static Setting Text(string key, bool mayBeEmpty = false) => new(key, static _ => null) { IsText = true, MayBeEmpty = mayBeEmpty };

    /// <summary>A list of texts.</summary>
    public static Setting TextList(string key) => new(key, static _ => null) { IsText = true, IsList = true };

    /// <summary>A duration as <c>[d.]hh:mm:ss</c>.</summary>
    public static Setting Duration(string key) => new(key, CheckDuration);

    /// <summary>A whole number.</summary>
    public static Setting Integer(string key) => new(key, CheckInteger);

    /// <summary>A decimal number.</summary>
    public static Setting Number(string key) => new(key, CheckNumber);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static Setting Flag(string key) => new(key, CheckFlag);

    /// <summary>One of several words; case is ignored.</summary>
    public static Setting Choice(string key, params string[] words) => new(key, value => CheckChoice(value, words));

    /// <summary>An instant as in RFC 3339: a date, a time and an offset.</summary>
    public static Setting Instant(string key) => new(key, static value => TryReadInstant(value, out _)
        ? null
        : ($"is \"{value}\", which is not an instant", "Write date, time and offset, as in 2030-01-31T12:00:00Z."));

    /// <summary>Reads an instant. The offset is required: without it the text would be another instant on every machine.</summary>
    public static bool TryReadInstant(string value, out DateTimeOffset instant)
    {
        instant = default;
        var hasOffset = value.EndsWith('Z') || (value.Length > OffsetLength && value[^OffsetLength] is '+' or '-');
        return hasOffset && DateTimeOffset.TryParseExact(value, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    /// <summary>The key, with 0 for every index.</summary>
    public override string ToString() => ToString([]);

    /// <summary>The key with these indexes, and 0 for those that are missing.</summary>
    public string ToString(IEnumerable<string> indexes)
    {
        var left = new Queue<string>(indexes);
        return string.Join(':', Pattern.Split(':').Select(part => part is not "#" ? part : left.TryDequeue(out var index) ? index : "0"));
    }

    /// <summary>Says why a text can't be read; null if it can. The options class checks whether the value is in range.</summary>
    public (string Problem, string Remedy)? Check(string value)
    {
        if (MayBeEmpty && value.Length == 0)
        {
            return null;
        }

        return string.IsNullOrWhiteSpace(value) ? ("is set but empty", "Give it a value, or remove it.") : _check(value);
    }

    // A bare "30" would be read as thirty days, which no author of such a setting means.
    private static (string Problem, string Remedy)? CheckDuration(string value) =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _)
            ? null
            : ($"is \"{value}\", which is not a duration", "Write [d.]hh:mm:ss.");

    private static (string Problem, string Remedy)? CheckInteger(string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null
            : ($"is \"{value}\", which is not a whole number, or too large", "Write a whole number.");

    private static (string Problem, string Remedy)? CheckNumber(string value) =>
        double.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? null
            : ($"is \"{value}\", which is not a number", "Write a number, such as 0.25.");

    private static (string Problem, string Remedy)? CheckChoice(string value, string[] words) =>
        words.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? null
            : ($"is \"{value}\", which is not one of its values", $"Write {string.Join(" or ", words)}.");

    private static (string Problem, string Remedy)? CheckFlag(string value) =>
        bool.TryParse(value, out _) ? null : ($"is \"{value}\", which is neither true nor false", "Write true or false.");
}
