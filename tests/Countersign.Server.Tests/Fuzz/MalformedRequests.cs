using System.Globalization;
using System.Text;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>Makes requests that break HTTP/1.1 (RFC 9112), by a seed: the same seed makes the same bytes.</summary>
internal sealed class MalformedRequests
{
    /// <summary>What would be answered 200 if the server took it for a request of its own.</summary>
    private const string Smuggled = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private const string Login = "{\"username\":\"nobody@example.com\",\"password\":\"not anybody's password\"}";

    private static readonly string[] Targets =
    [
        "/api/v1/users/me", "/api/v1/auth/sessions", "/health/live", "/.well-known/jwks.json", "/", "/api/v1/auth/login"
    ];

    private readonly Random _random;

    private readonly (string Class, Func<MalformedRequests, string> Make, bool IsUnfinished)[] _classes =
    [
        ("bare LF in the head", static one => one.Head("GET", one.Target()).Replace("\r\n", "\n", StringComparison.Ordinal), false),
        ("bare LF after one line", static one => one.ReplaceOne(one.Head("GET", one.Target(), "X-A: 1", "X-B: 2"), "\r\n", "\n"), false),
        ("bare CR", static one => one.ReplaceOne(one.Head("GET", one.Target(), "X-A: 1", "X-B: 2"), "\r\n", "\r"), true),
        ("CR inside of a value", static one => one.Head("GET", one.Target(), "X-A: 1\rX-B: 2"), false),
        ("LF in a chunk's extension", static one => one.Chunked($"{Login.Length:x};{one.Word()}\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("LF alone in a chunk's extension", static one => one.Chunked($"{Login.Length:x};\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("CR in a chunk's extension", static one => one.Chunked($"{Login.Length:x};a=\r{one.Word()}\r\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("LF after a chunk's size", static one => one.Chunked($"{Login.Length:x}\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("LF after a chunk", static one => one.Chunked($"{Login.Length:x}\r\n", $"{Login}\n0\r\n\r\n"), false),
        ("chunk longer than it says", static one => one.Chunked("4\r\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("chunk size that is no number",
            static one => one.Chunked($"{one.Pick("xyz", "-5", "+5", "0x10", " 5", "5 5", "", "g")}\r\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("chunk size without end", static one => one.Chunked($"{new string('f', one.Next(9, 40))}\r\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("chunk size that wraps around",
            static one => one.Chunked($"{one.Pick("80000000", "ffffffff", "100000000", "fffffffffffffffff")}\r\n", $"{Login}\r\n0\r\n\r\n"), false),
        ("two lengths",
            static one =>
                one.Head(
                    "POST", "/api/v1/auth/login", "Content-Type: application/json", $"Content-Length: {Login.Length}", $"Content-Length: {one.Next(0, 99)}")
                    + Login,
            false),
        ("the same length twice",
            static one =>
                one.Head("POST", "/api/v1/auth/login", "Content-Type: application/json", $"Content-Length: {Login.Length}", $"Content-Length: {Login.Length}")
                    + Login,
            false),
        ("lengths in a list",
            static one => one.Head("POST", "/api/v1/auth/login", "Content-Type: application/json", $"Content-Length: {Login.Length}, {Login.Length}") + Login,
            false),
        // Without "+5": Kestrel reads that as 5, and nothing behind it sees how it was written.
        ("length that is no number",
            static one =>
                one.Head(
                    "POST", "/api/v1/auth/login", "Content-Type: application/json",
                    $"Content-Length: {one.Pick("-1", "0x10", "5.0", "1e2", "five", "5 5", "99999999999999999999", "\"5\"")}")
                    + Login,
            false),
        ("length and chunks", static one => one.LengthAndChunks(), false),
        ("chunks and length", static one => one.LengthAndChunks(lengthFirst: false), false),
        ("coding that is unknown",
            static one =>
                one.Coded($"Transfer-Encoding: {one.Pick("xchunked", "chunke", "gzip", "identity", "\"chunked\"", "chunked;q=1", "chunked\u000b", "cow")}"),
            false),
        ("coding after chunked", static one => one.Coded("Transfer-Encoding: chunked, identity"), false),
        ("two codings", static one => one.Coded("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), false),
        ("Authorization twice",
            static one =>
                one.Head(
                    "GET",
                    "/api/v1/users/me",
                    $"Authorization: Bearer {one.Word()}",
                    $"{one.Pick("Authorization", "authorization", "AUTHORIZATION")}: Bearer {one.Word()}",
                    "Connection: close"),
            false),
        ("NUL in the target", static one => one.Head("GET", one.Target() + "\0"), false),
        ("NUL in a header's name", static one => one.Head("GET", one.Target(), $"X-{one.Word()}\0: 1"), false),
        ("NUL in a header's value", static one => one.Head("GET", one.Target(), $"X-A: {one.Word()}\0{one.Word()}"), false),
        ("NUL in the method", static one => one.Head("GE\0T", one.Target()), false),
        ("folded header", static one => one.Head("GET", one.Target(), $"X-A: {one.Word()}", $"{one.Pick(" ", "\t", "  ")}{one.Word()}"), false),
        ("folded first header", static one => $"GET {one.Target()} HTTP/1.1\r\n Host: localhost\r\n\r\n", false),
        ("space before the colon", static one => one.Head("GET", one.Target(), $"X-A{one.Pick(" ", "\t")}: 1"), false),
        ("header without a name", static one => one.Head("GET", one.Target(), ": 1"), false),
        ("header without a colon", static one => one.Head("GET", one.Target(), one.Word()), false),
        ("header name that is none",
            static one => one.Head("GET", one.Target(), $"X{one.Pick("(", "@", "[", "{", "\"", "/", "\u007f", "\u00e4", ";")}A: 1"), false),
        ("headers of 64 KB", static one => one.Head("GET", one.Target(), $"X-A: {new string('a', 65_536)}"), false),
        ("a thousand headers",
            static one =>
                one.Head(
                    "GET", one.Target(), [.. Enumerable.Range(0, 1000).Select(static number => string.Create(CultureInfo.InvariantCulture, $"X-{number}: 1"))]),
            false),
        ("target of 64 KB", static one => one.Head("GET", "/" + new string('a', 65_536)), false),
        ("method that is none", static one => one.Head(one.Pick("G@T", "G T", "GET\t", "(GET)", "", "G\u00c4T", "GET,POST", "\"GET\""), one.Target()), false),
        ("no target", static _ => "GET HTTP/1.1\r\nHost: localhost\r\n\r\n", false),
        ("target that does not begin with a slash", static one => one.Head("GET", one.Pick("health/live", "?x", "..", "\\health\\live", "*")), false),
        ("absolute form of another host",
            static one => one.Head("GET", $"http://{one.Pick("evil.example", "127.0.0.1:1", "localhost:1", "[::1]")}/health/live"), false),
        ("authority form", static one => one.Head(one.Pick("GET", "POST"), "localhost:80"), false),
        ("space in the target", static one => one.Head("GET", "/health /live"), false),
        ("version that is none",
            static one => $"GET {one.Target()} "
                + one.Pick(
                    "HTTP/1.2", "HTTP/2.0", "HTTP/3", "HTTP/0.9", "HTTP/11", "HTTP/1.", "http/1.1", "HTTP/1.1x", "HTTPS/1.1", "ICY/1.0", "HTTP/-1.1")
                + "\r\nHost: localhost\r\n\r\n",
            false),
        ("no version", static one => $"GET {one.Target()}\r\nHost: localhost\r\n\r\n", false),
        ("no host", static one => $"GET {one.Target()} HTTP/1.1\r\nX-A: 1\r\n\r\n", false),
        ("two hosts", static one => one.Head("GET", one.Target(), "Host: evil.example"), false),
        ("host that is none",
            static one => $"GET {one.Target()} HTTP/1.1\r\nHost: {one.Pick("a b", "a/b", "a@b", "a,b", "[::1", "a\\b", "<a>", "a:b:c", "a:99999x")}\r\n\r\n",
            false),
        ("cut head", static one => one.Cut(one.Head("GET", one.Target(), "X-A: 1")), true),
        ("cut body", static one => one.Head("POST", "/api/v1/auth/login", "Content-Type: application/json", "Content-Length: 500") + Login, true),
        ("cut chunk", static one => one.Chunked("ff\r\n", Login), true),
        ("preface of HTTP/2", static one => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + one.Binary(30), true),
        ("TLS hello", static one => "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + one.Binary(200), true),
        ("random bytes", static one => one.Binary(one.Next(1, 600)), true),
        ("random text",
            static one => string.Concat(Enumerable.Range(0, one.Next(1, 20)).Select(_ => one.Word() + one.Pick(" ", "\r\n", ":", "/", "\n"))), true),
    ];

    private int _next;

    /// <summary>Begins anew.</summary>
    /// <param name="seed">The seed.</param>
    public MalformedRequests(int seed) => _random = new Random(seed);

    /// <summary>How many classes there are.</summary>
    public int Classes => _classes.Length;

    /// <summary>The next one: of each class in turn.</summary>
    public MalformedRequest Make()
    {
        var (name, make, isUnfinished) = _classes[_next++ % _classes.Length];
        var request = make(this);

        // In every other round something follows that must not be taken for a request, or must die with the connection.
        return new MalformedRequest(name, Encoding.Latin1.GetBytes(_next / _classes.Length % 2 == 0 ? request + Smuggled : request), isUnfinished);
    }

    private string LengthAndChunks(bool lengthFirst = true)
    {
        var length = string.Create(
            CultureInfo.InvariantCulture, $"Content-Length: {Pick("4", "0", Login.Length.ToString(CultureInfo.InvariantCulture), "500")}");
        const string Coding = "Transfer-Encoding: chunked";
        return Head("POST", "/api/v1/auth/login", "Content-Type: application/json", lengthFirst ? length : Coding, lengthFirst ? Coding : length)
            + Pick("0\r\n\r\n" + Smuggled, $"{Login.Length:x}\r\n{Login}\r\n0\r\n\r\n");
    }

    private string Coded(params string[] codings) =>
        Head("POST", "/api/v1/auth/login", ["Content-Type: application/json", .. codings]) + $"{Login.Length:x}\r\n{Login}\r\n0\r\n\r\n";

    private string Chunked(string size, string rest) =>
        Head("POST", Pick("/api/v1/auth/login", "/api/v1/auth/refresh"), "Content-Type: application/json", "Transfer-Encoding: chunked") + size + rest;

    private string Head(string method, string target, params string[] headers)
    {
        var lines = headers.ToList();
        if (_random.Next(3) == 0)
        {
            lines.Insert(_random.Next(lines.Count + 1), $"User-Agent: {Word()}");
        }

        return $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(lines.Select(static line => line + "\r\n"))}\r\n";
    }

    private string ReplaceOne(string text, string what, string with)
    {
        // Any line end but the last: without that one the head would only be unfinished.
        List<int> places = [];
        for (var place = text.IndexOf(what, StringComparison.Ordinal);
            place >= 0 && place < text.Length - (2 * what.Length);
            place = text.IndexOf(what, place + 1, StringComparison.Ordinal))
        {
            places.Add(place);
        }

        var chosen = places[_random.Next(places.Count)];
        return text[..chosen] + with + text[(chosen + what.Length)..];
    }

    private string Cut(string text) => text[.._random.Next(1, text.Length - 2)];

    private string Target() => Pick(Targets);

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private int Next(int from, int to) => _random.Next(from, to);

    private string Word() => string.Create(_random.Next(1, 24), _random, static (text, random) =>
    {
        for (var index = 0; index < text.Length; index++)
        {
            text[index] = (char)random.Next('a', 'z' + 1);
        }
    });

    private string Binary(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }
}
