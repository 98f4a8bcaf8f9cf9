using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>Logs single lines to standard error. Standard output has only the answers of commands.</summary>
internal static class ConsoleLogging
{
    /// <summary>Sets up logging to the console.</summary>
    /// <param name="logging">The host's logging.</param>
    /// <param name="least">The lowest level of the server's own log. A command uses a higher one, because it reports its result itself.</param>
    public static void Configure(ILoggingBuilder logging, LogLevel least)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);

        // The framework's request log contains whole paths and queries, and its database log contains statements. Neither may be in our log. This rule is only
        // for the console and comes after the operator's levels, because a written line can't be removed.
        logging.SetMinimumLevel(least);
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft", LogLevel.Warning);
        logging.AddFilter<ConsoleLoggerProvider>("System", LogLevel.Warning);

        logging.Services.PostConfigure<LoggerFilterOptions>(KeepFrameworkQuiet);

        // The command reports a failed start in one line. The host would add the same with a stack trace.
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    /// <summary>Removes more specific rules of the operator for the console or parts of the framework: they would override the rules above.</summary>
    private static void KeepFrameworkQuiet(LoggerFilterOptions options)
    {
        for (var index = 0; index < options.Rules.Count; index++)
        {
            var rule = options.Rules[index];
            options.Rules[index] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) =>
                (level >= LogLevel.Warning || !IsFramework(category)) && (rule.Filter is null || rule.Filter(provider, category, level)));
        }
    }

    private static bool IsFramework(string? category) =>
        category is not null && (category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("System.", StringComparison.Ordinal));
}
