using System.Text;

namespace Countersign.TestServer;

/// <summary>A request of which every byte but the framing is the test's: headers are written in their order and as often as they are there.</summary>
internal sealed record RawCall(string Method, string Target)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public RawCall With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    public RawCall Without(string header) =>
        this with { Headers = [.. Headers.Where(pair => !string.Equals(pair.Key, header, StringComparison.OrdinalIgnoreCase))] };

    public RawCall WithBody(string contentType, string body) => WithBody(contentType, Encoding.UTF8.GetBytes(body));

    public RawCall WithBody(string contentType, ReadOnlyMemory<byte> body) => Without("Content-Type").With("Content-Type", contentType) with { Body = body };

    /// <summary>Adds a parameter to the target's query.</summary>
    public RawCall WithQuery(string name, string value) =>
        this with { Target = $"{Target}{(Target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}" };

    public byte[] Write()
    {
        var head = new StringBuilder().Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\n");
        if (!Headers.Any(static pair => string.Equals(pair.Key, "Host", StringComparison.OrdinalIgnoreCase)))
        {
            head.Append("Host: localhost\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        // A length of none is left out for the methods that have no body, as clients do.
        if (Body.Length > 0 || Method is "POST" or "PUT" or "PATCH" or "DELETE")
        {
            head.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. Body.Span];
    }
}
