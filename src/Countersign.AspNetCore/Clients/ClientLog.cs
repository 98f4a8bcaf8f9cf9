using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Clients;

/// <summary>What is logged of clients.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 3201, EventName = "ClientAuthenticationFailed", Level = LogLevel.Warning, Message = "Clients sent {Count} wrong secrets since the last such line; the latest as client {Client}, from the network {Network}.")]
    public static partial void Failed(ILogger logger, int count, string client, string network);
}
