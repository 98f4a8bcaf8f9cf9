using Countersign.AspNetCore.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Server.Configuration;

/// <summary>One pass over the configuration. It knows where each value came from, and collects the faults.</summary>
internal sealed class ConfigurationReading(IConfiguration configuration, string contentRoot)
{
    private readonly Dictionary<string, Translation> _translated = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _faulty = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SettingFault> _faults = [];

    /// <summary>The faults, in the order in which they were found.</summary>
    public IReadOnlyList<SettingFault> Faults => _faults;

    /// <summary>The configuration as the host gives it.</summary>
    public IConfiguration Configuration => configuration;

    /// <summary>The values of the five names, by their keys under <c>Auth</c>.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Translated =>
        _translated.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value.Value));

    /// <summary>Adds the value of one of the five names as the value of a key under <c>Auth</c>.</summary>
    public void Translate(string key, Translation translation) => _translated[key] = translation;

    /// <summary>The text of a setting, under its key or under one of the five names.</summary>
    /// <returns>Null if it is not set, or if it has a fault already: one fault for each value is enough.</returns>
    public string? Value(string key) =>
        _faulty.Contains(key) ? null : configuration[key] ?? (_translated.TryGetValue(key, out var translated) ? translated.Value : null);

    /// <summary>The members of a list with their keys, in the order of the configuration. Members that have a fault already are left out.</summary>
    public IEnumerable<(string Key, string Value)> Members(string key)
    {
        foreach (var member in configuration.GetSection(key).GetChildren())
        {
            if (member.Value is not { } value || _faulty.Contains(member.Path))
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(value))
            {
                Fault(member.Path, "is set but empty", "Give it a value, or remove it.");
            }
            else
            {
                yield return (member.Path, value);
            }
        }
    }

    /// <summary>Whether a setting has a value, valid or not.</summary>
    public bool IsSet(string key) => _faulty.Contains(key) || Value(key) is not null;

    /// <summary>Whether a fault was found in a setting already.</summary>
    public bool IsFaulty(string key) => _faulty.Contains(key);

    /// <summary>The name under which the operator wrote a setting: one of the five, or the key.</summary>
    public string SourceOf(string key) => configuration[key] is null && _translated.TryGetValue(key, out var translated) ? translated.Name : key;

    /// <summary>Adds a fault of a setting.</summary>
    public void Fault(string key, string problem, string remedy)
    {
        _faulty.Add(key);
        _faults.Add(new SettingFault(SourceOf(key), problem, remedy));
    }

    /// <summary>
    /// Adds a fault that an options class has found, with the names that the operator wrote. A setting that has a fault already gets no other.
    /// </summary>
    public void Fault(SettingFault fault)
    {
        if (_faulty.Contains(fault.Key) || (fault.Other is not null && _faulty.Contains(fault.Other)))
        {
            return;
        }

        // If two settings do not fit, name the one that the operator wrote, not a default.
        var key = fault.Other is not null && !IsSet(fault.Key) && IsSet(fault.Other) ? fault.Other : fault.Key;
        if (fault.Range is { } range && _translated.GetValueOrDefault(key)?.Describe(range) is { } described)
        {
            Fault(key, described.Problem, described.Remedy);
        }
        else
        {
            Fault(key, InNamesOfTheOperator(fault.Problem), InNamesOfTheOperator(fault.Remedy));
        }
    }

    /// <summary>The readable values under <c>Auth</c>, including those of the five names.</summary>
    public IConfiguration CreateSound() => new ConfigurationBuilder()
        .AddInMemoryCollection(Translated
            .Concat(KnownSettings.Values(configuration).Select(static value => KeyValuePair.Create(value.Key, (string?)value.Value)))
            .Where(pair => !_faulty.Contains(pair.Key)))
        .Build();

    /// <summary>Adds a fault whose source is not a setting under <c>Auth</c>.</summary>
    public void FaultIn(string source, string problem, string remedy) => _faults.Add(new SettingFault(source, problem, remedy));

    /// <summary>A path as the operator wrote it, made absolute from the content root.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, contentRoot);

    private string InNamesOfTheOperator(string text)
    {
        // The operator of the server can run its commands.
        text = text.Replace("openssl rand -base64 32", "countersign secrets new", StringComparison.Ordinal);
        foreach (var (name, key) in PythonVariables.All)
        {
            text = text.Replace(key, IsSet(key) ? SourceOf(key) : $"{key} (or {name})", StringComparison.Ordinal);
        }

        return text;
    }
}
