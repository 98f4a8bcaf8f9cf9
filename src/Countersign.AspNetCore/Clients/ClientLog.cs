using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Clients;

/// <summary>The log messages about clients.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(
        EventId = 3201, EventName = "ClientAuthenticationFailed", Level = LogLevel.Warning,
        Message = "Refused {Count} wrong client secrets; the latest for client {Client}, from the network {Network}. "
            + "The next line follows after ten seconds at the earliest, and counts all until then.")]
    public static partial void Failed(ILogger logger, int count, string client, string network);
}
