using System.Globalization;

namespace Countersign.Tokens.Settings;

/// <summary>
/// Collects the faults of one options object. A setting has at most one fault: if it is wrong by itself, it is not compared with other settings. This class
/// uses no reflection: data annotations on durations can't be trimmed.
/// </summary>
/// <param name="section">The section of the options. The section and a colon precede the name of each setting.</param>
internal sealed class SettingCheck(string section)
{
    private readonly List<SettingFault> _faults = [];

    /// <summary>The faults, in the order of the checks.</summary>
    public IReadOnlyList<SettingFault> Faults => _faults;

    /// <summary>The full key of a setting.</summary>
    public string Key(string name) => $"{section}:{name}";

    /// <param name="name">The setting.</param>
    /// <param name="problem">See <see cref="SettingFault.Problem"/>.</param>
    /// <param name="remedy">See <see cref="SettingFault.Remedy"/>.</param>
    /// <param name="other">The setting with which it does not fit; null if it is wrong by itself.</param>
    public void Add(string name, string problem, string remedy, string? other = null) =>
        Add(new SettingFault(Key(name), problem, remedy) { Other = other is null ? null : Key(other) });

    /// <summary>Checks that a duration lies within a range, both ends included.</summary>
    public void Range(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            var fault = new SettingFault(Key(name), $"is {value:c}, which is out of range", $"Write [d.]hh:mm:ss, from {least:c} to {most:c}.");
            Add(fault with { Range = (least, most) });
        }
    }

    /// <summary>Checks that a whole number lies within a range, both ends included.</summary>
    public void Range(string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            Add(
                name,
                string.Create(CultureInfo.InvariantCulture, $"is {value}, which is out of range"),
                string.Create(CultureInfo.InvariantCulture, $"Write a whole number from {least} to {most}."));
        }
    }

    /// <summary>Checks that a value is a member of its enum.</summary>
    public void Choice<TEnum>(string name, TEnum value)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(name, "is not one of its values", $"Write {string.Join(" or ", Enum.GetNames<TEnum>())}.");
        }
    }

    /// <summary>Checks that one duration is not longer than another of the same section.</summary>
    public void NotLonger(string name, TimeSpan value, string other, TimeSpan most)
    {
        if (value > most && !IsFaulty(Key(other)))
        {
            Add(
                name,
                $"does not fit: {Key(name)} ({value:c}) is longer than {Key(other)} ({most:c})",
                $"Shorten {Key(name)}, or lengthen {Key(other)}.",
                other);
        }
    }

    private bool IsFaulty(string key) => _faults.Exists(fault => string.Equals(fault.Key, key, StringComparison.Ordinal));

    private void Add(SettingFault fault)
    {
        if (!IsFaulty(fault.Key))
        {
            _faults.Add(fault);
        }
    }
}
