using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions.Issuing;
using Npgsql;

namespace Countersign.Server.Configuration;

/// <summary>Reads a connection string of PostgreSQL, in Npgsql's form or as a URL. It never shows the text, which contains a password.</summary>
internal static class PostgreSqlAddress
{
    private const string Remedy =
        "Write \"Host=db.example.com;Database=countersign;Username=countersign;Password=…\" or postgresql://countersign:…@db.example.com/countersign.";

    /// <summary>
    /// The parameters that a URL may have: libpq's names (PostgreSQL's documentation, section 34.1.2) with Npgsql's. Others are refused, because they would be
    /// ignored.
    /// </summary>
    private static readonly Dictionary<string, string> UrlParameters = new(StringComparer.Ordinal)
    {
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["passfile"] = "Passfile",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <summary>Whether a text is meant for PostgreSQL, valid or not.</summary>
    public static bool IsMeant(string text)
    {
        if (IsUrl(text))
        {
            return true;
        }

        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            return parts.ContainsKey("Host") || parts.ContainsKey("Server");
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <param name="text">The connection string or the URL.</param>
    /// <param name="connectionString">The connection string for Npgsql. The server's defaults apply to everything that the text leaves out.</param>
    /// <param name="label">Host, port and database: the parts that may be shown.</param>
    /// <param name="problem">What is wrong, without any part of the text.</param>
    public static bool TryRead(
        string text,
        [NotNullWhen(true)] out string? connectionString,
        [NotNullWhen(true)] out string? label,
        [NotNullWhen(false)] out SettingProblem? problem)
    {
        connectionString = label = null;
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = IsUrl(text) ? FromUrl(text) : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            problem = new SettingProblem("is not a connection string of PostgreSQL", Remedy);
            return false;
        }

        if (string.IsNullOrWhiteSpace(parts.Host) || string.IsNullOrWhiteSpace(parts.Database))
        {
            problem = new SettingProblem("names no host or no database", Remedy);
            return false;
        }

        SetDefaults(parts);
        problem = null;
        connectionString = parts.ToString();
        var hosts = parts.Host.Split(',', StringSplitOptions.TrimEntries).Select(host => WithoutPort(host) == host ? $"{host}:{parts.Port}" : host);
        label = $"postgresql://{string.Join(',', hosts)}/{parts.Database}";
        return true;
    }

    /// <summary>Whether every host is a socket or a loopback address, so that no data leaves the machine.</summary>
    private static bool IsThisMachine(string hosts) => Array.TrueForAll(
        hosts.Split(',', StringSplitOptions.TrimEntries),
        static host => host.StartsWith('/') || host.StartsWith('@') || IssuerRules.IsLoopbackHost(WithoutPort(host)));

    /// <summary>Removes the port from a host, as Npgsql does: "db:5433" or "[::1]:5433". An IPv6 address without brackets has no port.</summary>
    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > 0 && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']') ? host[..colon] : host;
    }

    private static bool IsUrl(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        var url = new Uri(text, UriKind.Absolute);

        // If a password is not escaped, a part of it is parsed as the path, and the part before it as the host.
        if (url.Fragment.Length > 0 || url.AbsolutePath.AsSpan(1).Contains('/'))
        {
            throw new FormatException();
        }

        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = Uri.UnescapeDataString(url.Host),
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
        };
        if (url.Port > 0)
        {
            parts.Port = url.Port;
        }

        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            parts.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            parts.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var parameter in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = parameter.Split('=', 2);
            parts[UrlParameters[pair[0]]] = ReadValue(pair[0], Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : string.Empty));
        }

        return parts;
    }

    // libpq writes verify-full and read-write, Npgsql VerifyFull and ReadWrite.
    private static string ReadValue(string parameter, string value) =>
        parameter is "sslmode" or "target_session_attrs" ? value.Replace("-", string.Empty, StringComparison.Ordinal) : value;

    /// <summary>
    /// Sets the server's defaults. A request that needs the database is answered within about two seconds even if the database is down, so all waits are short.
    /// Each node holds few connections, so that several nodes fit into PostgreSQL's default of 100.
    /// </summary>
    private static void SetDefaults(NpgsqlConnectionStringBuilder parts)
    {
        // Npgsql's default accepts any certificate, and also an unencrypted connection. An attacker on the network could read every hash and write accounts.
        if (!IsThisMachine(parts.Host!))
        {
            Set("SSL Mode", static p => p.SslMode = SslMode.VerifyFull);
        }

        Set("Timeout", static p => p.Timeout = 2);
        Set("Command Timeout", static p => p.CommandTimeout = 3);
        Set("Cancellation Timeout", static p => p.CancellationTimeout = 500);
        Set("Maximum Pool Size", static p => p.MaxPoolSize = 25);
        Set("Application Name", static p => p.ApplicationName = "countersign");

        void Set(string keyword, Action<NpgsqlConnectionStringBuilder> set)
        {
            if (!parts.Keys.Contains(keyword, StringComparer.OrdinalIgnoreCase))
            {
                set(parts);
            }
        }
    }
}
