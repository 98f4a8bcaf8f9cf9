using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>The value of one of the five names, translated into the text of its setting.</summary>
internal sealed class Translation
{
    private const string Minutes = "minutes";

    /// <summary>More than any setting allows, and small enough for a duration in days: larger numbers stay out of range.</summary>
    private const int Most = 1_000_000;

    private readonly string _text;
    private readonly string? _unit;
    private readonly int? _number;

    /// <param name="name">One of the five names.</param>
    /// <param name="text">Its value.</param>
    /// <param name="unit">The unit of a number: minutes or days. Null: the setting has the same text.</param>
    public Translation(string name, string text, string? unit)
    {
        (Name, _text, _unit) = (name, text, unit);
        if (unit is null)
        {
            Value = text;
        }
        else if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            _number = number;
            Value = (Math.Clamp(number, -Most, Most) * UnitOf(unit)).ToString("c", CultureInfo.InvariantCulture);
        }
        else
        {
            Value = string.Empty;
        }
    }

    /// <summary>The name that the operator wrote.</summary>
    public string Name { get; }

    /// <summary>The text of the setting.</summary>
    public string Value { get; }

    /// <summary>Says why the value can't be translated; null if it can.</summary>
    public SettingProblem? FindProblem()
    {
        if (string.IsNullOrWhiteSpace(_text))
        {
            return new SettingProblem("is set but empty", "Give it a value, or remove it.");
        }

        return _unit is not null && _number is null
            ? new SettingProblem($"is \"{_text}\", which is not a whole number of {_unit}, or too large", $"Write a whole number of {_unit}.")
            : null;
    }

    /// <summary>Says that the value is out of a range, in the unit of the name; null if the name has no unit.</summary>
    public SettingProblem? Describe((TimeSpan Least, TimeSpan Most) range) => _unit is null
        ? null
        : new SettingProblem(
            $"is {_text}, which is out of range",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Write whole {_unit} from {Math.Ceiling(range.Least / UnitOf(_unit))} to {Math.Floor(range.Most / UnitOf(_unit))}."));

    private static TimeSpan UnitOf(string unit) => unit == Minutes ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1);
}
