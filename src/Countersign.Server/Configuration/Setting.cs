using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>One setting of the section <c>Auth</c>: its key, and the rule that its text must keep before anything is bound to it.</summary>
internal sealed class Setting
{
    private readonly Func<string, SettingProblem?> _check;

    private Setting(string key, Func<string, SettingProblem?> check)
    {
        Key = key;
        _check = check;
    }

    /// <summary>The full key, with colons: <c>Auth:Sessions:IdleLifetime</c>. The sign <c>#</c> stands for the index of a member of a list: <c>Auth:Clients:#:Id</c>.</summary>
    public string Key { get; }

    /// <summary>Whether the values stand under <c>Key:0</c>, <c>Key:1</c>, ….</summary>
    public bool IsList { get; private init; }

    /// <summary>The key of a value, with <c>#</c> for every index: of a list, that of its members.</summary>
    public string Pattern => IsList ? Key + ":#" : Key;

    /// <summary>Whether it is set once for each member of a list, or is a list itself.</summary>
    public bool IsIndexed => Pattern.Contains('#', StringComparison.Ordinal);

    /// <summary>Text of any kind; what else it must keep is checked together with other settings.</summary>
    public static Setting Text(string key) => new(key, static _ => null);

    /// <summary>A list of texts.</summary>
    public static Setting TextList(string key) => new(key, static _ => null) { IsList = true };

    /// <summary>A duration as <c>[d.]hh:mm:ss</c> within bounds, both included.</summary>
    public static Setting Duration(string key, TimeSpan least, TimeSpan most) => new(key, value => CheckDuration(value, least, most));

    /// <summary>A whole number within bounds, both included.</summary>
    public static Setting Integer(string key, long least, long most) => new(key, value => CheckInteger(value, least, most));

    /// <summary>A decimal number within bounds, both included.</summary>
    public static Setting Number(string key, double least, double most) => new(key, value => CheckNumber(value, least, most));

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static Setting Flag(string key) => new(key, CheckFlag);

    /// <summary>One of a few words, in any case.</summary>
    public static Setting Choice(string key, params string[] words) => new(key, value => CheckChoice(value, words));

    /// <summary>The key as it must be written.</summary>
    public override string ToString() => ToString([]);

    /// <summary>The key as it must be written, with these indexes in it, and 0 where there are no more.</summary>
    public string ToString(IEnumerable<string> indexes)
    {
        var left = new Queue<string>(indexes);
        return string.Join(':', Pattern.Split(':').Select(part => part is not "#" ? part : left.TryDequeue(out var index) ? index : "0"));
    }

    /// <summary>Says what is wrong with a value; null if nothing is.</summary>
    public SettingProblem? Check(string value) => string.IsNullOrWhiteSpace(value)
        ? new SettingProblem("is set but empty", "Give it a value, or remove it.")
        : _check(value);

    private static SettingProblem? CheckDuration(string value, TimeSpan least, TimeSpan most)
    {
        var remedy = string.Create(CultureInfo.InvariantCulture, $"Write [d.]hh:mm:ss, from {least:c} to {most:c}.");

        // A bare "30" would be read as thirty days: nobody who writes it for a duration means the same.
        if (!value.Contains(':', StringComparison.Ordinal) || !TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var duration))
        {
            return new SettingProblem($"is \"{value}\", which is not a duration", remedy);
        }

        return duration < least || duration > most ? new SettingProblem($"is \"{value}\", which is out of range", remedy) : null;
    }

    private static SettingProblem? CheckInteger(string value, long least, long most)
    {
        var remedy = string.Create(CultureInfo.InvariantCulture, $"Write a whole number from {least} to {most}.");
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return new SettingProblem($"is \"{value}\", which is not a whole number", remedy);
        }

        return number < least || number > most ? new SettingProblem($"is {value}, which is out of range", remedy) : null;
    }

    private static SettingProblem? CheckNumber(string value, double least, double most)
    {
        var remedy = string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}.");
        if (!double.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
        {
            return new SettingProblem($"is \"{value}\", which is not a number", remedy);
        }

        return number < least || number > most ? new SettingProblem($"is {value}, which is out of range", remedy) : null;
    }

    private static SettingProblem? CheckChoice(string value, string[] words) =>
        words.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : new SettingProblem($"is \"{value}\"", $"Write {string.Join(" or ", words)}.");

    private static SettingProblem? CheckFlag(string value) =>
        bool.TryParse(value, out _) ? null : new SettingProblem($"is \"{value}\", which is neither true nor false", "Write true or false.");
}
