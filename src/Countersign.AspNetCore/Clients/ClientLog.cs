using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Clients;

/// <summary>What is logged of clients.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 3201, EventName = "ClientAuthenticationFailed", Level = LogLevel.Warning, Message = "Refused {Count} wrong client secrets; the latest for client {Client}, from the network {Network}. Further ones are counted in one line every ten seconds.")]
    public static partial void Failed(ILogger logger, int count, string client, string network);
}
