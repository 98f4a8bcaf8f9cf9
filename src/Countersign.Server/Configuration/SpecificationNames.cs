using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>
/// The five names of the original specification, mapped onto the settings of the section <c>Auth</c>. A value that stands under <c>Auth</c> wins; the name
/// is then not read at all.
/// </summary>
internal static class SpecificationNames
{
    private static readonly (string Name, string Key, Func<string, SettingProblem?> Check, Func<string, string> Translate)[] Table =
    [
        ("SECRET_KEY", "Auth:SecretKey", static _ => null, static value => value),
        ("ALGORITHM", "Auth:Algorithm", static _ => null, static value => value),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "Auth:Sessions:AccessTokenLifetime", static value => CheckWhole(value, 1, 60, "minutes"),
            static value => Text(TimeSpan.FromMinutes(Number(value)))),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "Auth:Sessions:IdleLifetime", static value => CheckWhole(value, 1, 365, "days"),
            static value => Text(TimeSpan.FromDays(Number(value)))),
        ("API_V1_PREFIX", "Auth:ApiPrefix", static _ => null, static value => value),
    ];

    /// <summary>Reads the five names into <paramref name="reading"/>.</summary>
    public static void Read(ConfigurationReading reading)
    {
        foreach (var (name, key, check, translate) in Table)
        {
            if (reading.Configuration[key] is not null || reading.Configuration[name] is not { } value)
            {
                continue;
            }

            if (Empty(value) is { } empty)
            {
                // Noted under the key too, so that nothing further is said of a value that is not there.
                reading.Translate(name, key, value);
                reading.Fault(key, empty.Problem, empty.Remedy);
            }
            else if (check(value) is { } problem)
            {
                reading.Translate(name, key, value);
                reading.Fault(key, problem.Problem, problem.Remedy);
            }
            else
            {
                reading.Translate(name, key, translate(value));
            }
        }
    }

    private static SettingProblem? Empty(string value) =>
        string.IsNullOrWhiteSpace(value) ? new SettingProblem("is set but empty", "Give it a value, or remove it.") : null;

    private static SettingProblem? CheckWhole(string value, int least, int most, string unit)
    {
        var remedy = string.Create(CultureInfo.InvariantCulture, $"Write whole {unit} from {least} to {most}.");
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return new SettingProblem($"is \"{value}\", which is not a whole number of {unit}", remedy);
        }

        return number < least || number > most ? new SettingProblem($"is {value}, which is out of range", remedy) : null;
    }

    private static int Number(string value) => int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static string Text(TimeSpan duration) => duration.ToString("c", CultureInfo.InvariantCulture);
}
