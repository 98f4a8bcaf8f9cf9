using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Settings;
using Countersign.Server.Accounts;
using Countersign.Server.Configuration;
using Countersign.Sessions.Settings;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Documentation;

/// <summary>A range is written in the check of its options class. What the documentation says of it is asked of that check, at both ends and beyond them.</summary>
public sealed partial class SettingRangeTests
{
    private static readonly IReadOnlyDictionary<string, string> Table = File.ReadLines(Path.Combine(Repository.Root, "docs", "configuration.md"))
        .Where(static line => line.StartsWith("| `Auth:", StringComparison.Ordinal))
        .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(static cells => cells[1].Trim('`'), static cells => cells[2], StringComparer.Ordinal);

    private static readonly IReadOnlyDictionary<string, Type> Types =
        TypesOf(CountersignOptions.SectionName, typeof(CountersignOptions)).Concat(TypesOf(CountersignOptions.SectionName, typeof(ServerOptions)))
            .Where(static setting => IsNumber(setting.Value))
            .ToDictionary(StringComparer.Ordinal);

    public static TheoryData<string> Numbers => [.. Types.Keys];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Table_RangeOfANumber_IsTheOneThatIsChecked(string key)
    {
        var row = Row().Match(Table[key]);
        Assert.True(row.Success, $"{key}: no range in \"{Table[key]}\".");
        var (least, most, step) = Bounds(Types[key], row);

        Assert.False(IsOutOfRange(key, least));
        Assert.False(IsOutOfRange(key, most));
        Assert.True(IsOutOfRange(key, most + step));

        Assert.True(IsOutOfRange(key, least - step));
        if (Table[key].Contains("00:00:00 for ever", StringComparison.Ordinal))
        {
            Assert.False(IsOutOfRange(key, 0));
            Assert.True(IsOutOfRange(key, -step));
        }
    }

    private static bool IsOutOfRange(string key, decimal value)
    {
        var type = Types[key];
        var text = type == typeof(TimeSpan) ? new TimeSpan((long)value).ToString("c", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>(key, text), KeyValuePair.Create<string, string?>("Auth:Passwords:Format", "Identity")])
            .Build();
        var (options, server) = (new CountersignOptions<CountersignUser>(), new ServerOptions());
        configuration.GetSection(CountersignOptions.SectionName).Bind(options);
        configuration.GetSection(CountersignOptions.SectionName).Bind(server);
        var context = new SettingContext(Environment: null, options.Tokens);
        return AuthSections.All.SelectMany(part => part.Check(options, context)).Concat(server.Check())
            .Any(fault => fault.Key == key && fault.Problem.EndsWith("which is out of range", StringComparison.Ordinal));
    }

    private static (decimal Least, decimal Most, decimal Step) Bounds(Type type, Match row)
    {
        if (type != typeof(TimeSpan))
        {
            return (Number(row.Groups["least"].Value), Number(row.Groups["most"].Value), type == typeof(double) ? 0.001m : 1);
        }

        return (Ticks(row.Groups["least"].Value), Ticks(row.Groups["most"].Value), 1);
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    /// <summary>A number without a colon is one of days.</summary>
    private static decimal Ticks(string text) => text.Contains(':', StringComparison.Ordinal)
        ? TimeSpan.Parse(text, CultureInfo.InvariantCulture).Ticks
        : Number(text) * TimeSpan.TicksPerDay;

    private static IEnumerable<KeyValuePair<string, Type>> TypesOf(string section, Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property => property.PropertyType.GetField("SectionName") is null
            ? [KeyValuePair.Create($"{section}:{property.Name}", Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)]
            : TypesOf($"{section}:{property.Name}", property.PropertyType));

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(double) || type == typeof(TimeSpan);

    [GeneratedRegex(@"^(?<least>[\d.,:]+) to (?<most>[\d.,:]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
