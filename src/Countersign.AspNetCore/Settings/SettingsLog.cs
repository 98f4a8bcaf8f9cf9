using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Settings;

/// <summary>The log messages about settings.</summary>
internal static partial class SettingsLog
{
    [LoggerMessage(
        EventId = 3301, EventName = "SettingUnknown", Level = LogLevel.Warning,
        Message = "{Key} is not a setting of Countersign, and is not read. Did you mean {Nearest}?")]
    public static partial void Unknown(ILogger logger, string key, string nearest);
}
