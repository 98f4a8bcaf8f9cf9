namespace Countersign.AspNetCore.Clients;

/// <summary>The confidential clients (RFC 6749 §2.1): services that may introspect tokens (RFC 7662) and revoke them (RFC 7009).</summary>
internal sealed class ClientOptions
{
    /// <summary>The configuration section. The clients are under <c>Auth:Clients:0</c>, <c>Auth:Clients:1</c>, ….</summary>
    public const string SectionName = "Auth";

    /// <summary>The clients; none by default. They are read once, at the first request that needs them.</summary>
    public IList<CountersignClientOptions> Clients { get; } = [];
}
