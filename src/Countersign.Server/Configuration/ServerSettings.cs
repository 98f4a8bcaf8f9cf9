using System.Net;

namespace Countersign.Server.Configuration;

/// <summary>The checked settings of the server; immutable.</summary>
internal sealed class ServerSettings
{
    /// <summary>What signs, as text for a person: <c>own keys (ES256)</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The data directory; absolute. The first start makes it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The SQLite file; absolute. Null on PostgreSQL.</summary>
    public required string? DatabaseFile { get; init; }

    /// <summary>The connection string: with the file's absolute path, or with a password. It is never shown.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The location of the database, without secrets: the file, or the host and the database's name.</summary>
    public required string DatabaseLabel { get; init; }

    /// <summary>The addresses to listen on; empty when they come from the section <c>Kestrel</c>.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Where the master key comes from.</summary>
    public required MasterKeySource MasterKey { get; init; }

    /// <summary>The values of the five names, by their keys under <c>Auth</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, string?>> Translated { get; init; }

    /// <summary>The prefix of the routes, without a slash at the end: <c>/api/v1</c>.</summary>
    public required string ApiPrefix { get; init; }

    /// <summary>Whether sign-up is open to all.</summary>
    public required bool IsRegistrationOpen { get; init; }

    /// <summary>Whether this is Development and other machines can reach it.</summary>
    public required bool IsExposedDevelopment { get; init; }

    /// <summary>Whether the OpenAPI document and its page are served.</summary>
    public required bool Docs { get; init; }

    /// <summary>The origins whose pages may call the routes, as browsers send them; empty for none.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    /// <summary>The proxies whose forwarded headers count; empty for none.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>How long browsers are told to speak only https with this host (RFC 6797); null to say nothing.</summary>
    public required TimeSpan? Hsts { get; init; }
}
