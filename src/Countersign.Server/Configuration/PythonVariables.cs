namespace Countersign.Server.Configuration;

/// <summary>
/// The five names of the original specification, mapped to settings of the section <c>Auth</c>. If the setting under <c>Auth</c> has a value, the name is not
/// read at all.
/// </summary>
internal static class PythonVariables
{
    private static readonly (string Name, string Key, string? Unit)[] Table =
    [
        ("SECRET_KEY", "Auth:SecretKey", null),
        ("ALGORITHM", "Auth:Algorithm", null),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "Auth:Sessions:AccessTokenLifetime", "minutes"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "Auth:Sessions:IdleLifetime", "days"),
        ("API_V1_PREFIX", "Auth:ApiPrefix", null),
    ];

    /// <summary>The names, each with its key under <c>Auth</c>.</summary>
    public static IEnumerable<(string Name, string Key)> All => Table.Select(static row => (row.Name, row.Key));

    /// <summary>Reads the five names into <paramref name="reading"/>.</summary>
    public static void Read(ConfigurationReading reading)
    {
        foreach (var (name, key, unit) in Table)
        {
            if (reading.Configuration[key] is not null || reading.Configuration[name] is not { } value)
            {
                continue;
            }

            var translation = new Translation(name, value, unit);
            reading.Translate(key, translation);
            if (translation.FindProblem() is { } problem)
            {
                // The fault is added under the key, so that the missing value gets no second fault.
                reading.Fault(key, problem.Problem, problem.Remedy);
            }
        }
    }
}
