using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>Logs as single lines on standard error; standard output holds only what a command answers.</summary>
internal static class ConsoleLogging
{
    /// <summary>Sets the console up.</summary>
    /// <param name="logging">The host's logging.</param>
    /// <param name="least">What is at least written of the server's own: a command says what it did itself.</param>
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

        // The framework's request log holds whole paths and queries, and its database log holds statements: neither belongs in a log of ours. It is set for
        // the console alone and after the operator's levels, since a line that is written can't be taken back.
        logging.SetMinimumLevel(least);
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft", LogLevel.Warning);
        logging.AddFilter<ConsoleLoggerProvider>("System", LogLevel.Warning);

        logging.Services.PostConfigure<LoggerFilterOptions>(KeepFrameworkQuiet);

        // A start that fails is reported in a line by the command; the host would add the same with a stack trace.
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    /// <summary>An operator's rule may name the console, or a part of the framework, more precisely than those above, and would win over them.</summary>
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
