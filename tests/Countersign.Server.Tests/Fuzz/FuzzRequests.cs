using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>Makes requests of one operation that are nearly right, by a seed. Each carries a marker, which no refusal may repeat.</summary>
internal sealed class FuzzRequests(FuzzOperation operation, ApiClient account, int seed)
{
    private const string JsonType = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"];

    /// <summary>Headers that ask for something special, or claim something; none of them breaks HTTP.</summary>
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "text/html"), ("Accept", "application/xml;q=0"), ("Accept-Language", "tlh"), ("Accept-Encoding", "gzip, br"),
        ("Cookie", "a=b; .AspNetCore.Identity.Application=x"),
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Access-Control-Request-Method", "DELETE"), ("Range", "bytes=0-1"), ("Range", "bytes=999999-"),
        ("If-None-Match", "*"),
        ("If-Match", "\"x\""), ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"), ("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Proto", "https"),
        ("Forwarded", "for=evil"),
        ("X-HTTP-Method-Override", "DELETE"), ("Upgrade", "websocket"), ("Expect", "100-continue"), ("Content-Language", "de"), ("Date", "never"),
        ("Via", "1.1 evil"), ("TE", "trailers"),
    ];

    /// <summary>Values of a member, as JSON; an at sign stands for the marker.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1e400", "1.5", "9223372036854775808", "[]", "{}", "[\"@\"]", "{\"@\":\"@\"}", "{\"$ne\":null}", "[null]",
        "[[[[[[\"@\"]]]]]]", "\"\"", "\" \"", "\"@\"",
    ];

    /// <summary>Text of a member, with its escapes; an at sign stands for the marker.</summary>
    private static readonly string[] Texts =
    [
        "\\u0000", "@\\u0000@", "\\ud800", "@\\udc00", "\\ud83d\\ude00@", "\\ufffe@", "\\u202e@", "e\\u0301@", "@\\r\\nSet-Cookie: @=1", "' OR 1=1 -- @",
        "../../etc/passwd@", "%s%n%x@", "${@}", "<script>@</script>",
        "@@example.com", "@\\t", "\\u200b", "a@b@c", "\ud83d\ude80@", "\u65e5\u672c@", "\u0130@", "=@", "@;DROP TABLE x", "\\\\@\\\\", "{{@}}", "\\u0022@",
    ];

    private readonly Random _random = new(seed);
    private readonly bool _hashes = operation.Bodies.Values.Any(
        static members => members.Any(static member => member.EndsWith("password", StringComparison.Ordinal)));

    /// <summary>The next request.</summary>
    /// <returns>The request, its marker, and whether method and address are the operation's own.</returns>
    public (RawCall Call, string Marker, bool IsOwn) Make()
    {
        var marker = $"zq{_random.NextInt64(1L << 48):x12}";
        var call = Fill(new RawCall(operation.Method, Path(operation.Path, "01a2045f-51bc-747d-bc6e-2b0de548c783")), marker);
        var isOwn = true;
        switch (_random.Next(12))
        {
            case 0:
                call = call with { Method = Pick(Methods) };
                isOwn = call.Method == operation.Method;
                break;
            case 1:
                call = call with
                {
                    Target = Path(
                        operation.Path, Pick(marker, "%00", "..", "%2e%2e%2f", "'%20OR%201=1", new string('a', 2000), "%f0%9f%98%80", "-1", "null", "%zz"))
                        + Pick("", "", "/", "/" + marker, "//", ";x=" + marker),
                };
                isOwn = false;
                break;
            case 2 or 3:
                call = call with { Target = call.Target + Query(marker) };
                isOwn = false;
                break;
            default:
                break;
        }

        for (var more = _random.Next(4) == 0 ? _random.Next(1, 6) : 0; more > 0; more--)
        {
            var (name, value) = Headers[_random.Next(Headers.Length)];
            call = call.With(name, value).With("X-" + marker, marker);
        }

        return (Authorize(call, marker), marker, isOwn);
    }

    private RawCall Authorize(RawCall call, string marker) => _random.Next(8) switch
    {
        0 => call,
        1 => call.With("Authorization", "Bearer " + marker),
        2 => call.With(
            "Authorization",
            Pick(
                "Basic " + marker, "Basic YTpi", "Bearer", "Bearer " + account.RefreshToken, "Bearer " + account.AccessToken + marker, marker,
                "Bearer a.b.c", "Digest x=" + marker)),
        _ => call.With("Authorization", "Bearer " + account.AccessToken),
    };

    private RawCall Fill(RawCall call, string marker)
    {
        if (operation.Bodies.Count == 0)
        {
            return _random.Next(5) == 0 ? call.WithBody(JsonType, $"{{\"{marker}\":\"{marker}\"}}") : call;
        }

        var (type, members) = operation.Bodies.ElementAt(_random.Next(operation.Bodies.Count));
        return _random.Next(10) switch
        {
            0 => call.WithBody(
                Pick(
                    "text/plain", "text/plain; x=" + marker, "multipart/form-data; boundary=x", "application/xml", "application/json; charset=utf-16",
                    "application/json; charset=\"" + marker + "\"", "a/b", "application/*", marker, "application/json, application/json", FormType, JsonType),
                Body(type, members, marker)),
            1 => call.With("Content-Encoding", Pick("gzip", "br", "deflate", "identity", marker)).WithBody(type, Pack(Body(type, members, marker))),
            2 => call.WithBody(type, Garbage(members, marker)),
            _ => call.WithBody(type, Body(type, members, marker)),
        };
    }

    private string Body(string type, IReadOnlyList<string> members, string marker) => type == FormType ? Form(members, marker) : Json(members, marker);

    private string Json(IReadOnlyList<string> members, string marker)
    {
        List<string> parts = [.. members.Select(member => $"\"{member}\":{JsonSerializer.Serialize(Good(member))}")];

        // What passes every check costs a hash where there is a password: that is tried, but seldom.
        if (_random.Next(_hashes ? 20 : 4) == 0)
        {
            var place = _random.Next(parts.Count);
            parts[place] = $"\"{members[place]}\":\"{Mark(Pick(Texts), marker)}\"";
            return $"{{{string.Join(',', parts)}}}";
        }

        switch (_random.Next(8))
        {
            case 0:
                parts.RemoveAt(_random.Next(parts.Count));
                break;
            case 1:
                parts.Add(
                    $"\"{Pick(marker, "is_admin", "roles", "id", "email_verified", "__proto__", "", "\\u0000", "Password")}\":{Mark(Pick(Values), marker)}");
                break;
            case 2:
                parts.Add(parts[_random.Next(parts.Count)]);
                break;
            case 3:
                var escaped = _random.Next(members.Count);
                parts.Add($"\"\\u{(int)members[escaped][0]:x4}{members[escaped][1..]}\":\"{marker}\"");
                break;
            case 4:
                var nested = _random.Next(parts.Count);
                var depth = _random.Next(2, 3000);
                parts[nested] = $"\"{members[nested]}\":{new string('[', depth)}\"{marker}\"{new string(']', depth)}";
                break;
            default:
                var changed = _random.Next(parts.Count);
                parts[changed] = $"\"{members[changed]}\":{Mark(Pick([.. Values.Where(static value => value[0] != '"')]), marker)}";
                break;
        }

        return $"{{{string.Join(',', parts)}}}";
    }

    private string Form(IReadOnlyList<string> members, string marker)
    {
        List<string> parts = [.. members.Select(member => $"{member}={Uri.EscapeDataString(Good(member))}")];
        var place = _random.Next(parts.Count);
        switch (_random.Next(_hashes ? 14 : 7))
        {
            case 0:
                parts[place] = $"{members[place]}={Pick(marker, "%00", "%ff", "%ED%A0%80", "%F0%9F%98%80", "a%0d%0ab", new string('x', 5000))}";
                break;
            case 1 or 2 or 3:
                parts.Add(parts[place]);
                break;
            case 4 or 5 or 6:
                parts.RemoveAt(place);
                break;
            case 7 or 8 or 9:
                parts[place] = Pick(
                    $"{members[place]}=%", $"{members[place]}=%zz{marker}", $"{members[place]}=%ff%fe", $"{members[place]}", $"={marker}",
                    $"{members[place]}=");
                break;
            default:
                parts.Add(parts[place].ToUpperInvariant());
                parts.Add(parts[place]);
                break;
        }

        return string.Join(Pick("&", "&", "&", ";", "&&"), parts);
    }

    private byte[] Garbage(IReadOnlyList<string> members, string marker) => _random.Next(11) switch
    {
        0 => [],
        1 => Encoding.Unicode.GetBytes($"{{\"{members[0]}\":\"{marker}\"}}"),
        2 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{{\"{members[0]}\":\"{marker}\"}}")],
        3 => [.. Encoding.UTF8.GetBytes($"{{\"{members[0]}\":\""), 0xC3, 0x28, 0xFF, .. Encoding.UTF8.GetBytes($"{marker}\"}}")],
        4 => Encoding.UTF8.GetBytes(new string('[', 10_000) + marker),
        5 when _random.Next(6) == 0 => Encoding.UTF8.GetBytes($"{{\"{members[0]}\":\"{marker}{new string('x', 1 << 20)}\"}}"),
        6 => Encoding.UTF8.GetBytes($"{{\"{members[0]}\":\"{marker}{new string('x', 17_000)}\"}}"),
        7 => Encoding.UTF8.GetBytes(
            Pick("null", "1", "\"@\"", "[]", "{", "}", "{}{}", "{\"a\"", "/*@*/{}", "{\"a\":NaN}", "{'a':'@'}", "<a>@</a>")
                .Replace("@", marker, StringComparison.Ordinal)),
        8 => Random(_random.Next(1, 300)),
        _ => Encoding.UTF8.GetBytes($"{{\"{members[0]}\":\"{marker}\"}} {marker}"),
    };

    private string Query(string marker)
    {
        var name = operation.QueryParameters.Count > 0 && _random.Next(3) > 0
            ? operation.QueryParameters[_random.Next(operation.QueryParameters.Count)]
            : Pick(marker, "access_token", "password", "a[]", "", "%00", "limit", "before");
        var value = Pick(
            marker, "", "-1", "0", "1", "101", "2147483648", "1e3", "%00", "%ff", "null", "01a2045f-51bc-747d-bc6e-2b0de548c783",
            "00000000-0000-0000-0000-000000000000", "%F0%9F%98%80", new string('9', 400));
        return Pick($"?{name}={value}", $"?{name}", $"?{name}={value}&{name}={value}", $"?&&{name}={value}&=", $"?{name}={value};{marker}");
    }

    private string Good(string member) => member switch
    {
        "email" => $"f{_random.NextInt64(1L << 48):x12}@example.com",
        "username" => account.Email,
        "refresh_token" => account.RefreshToken,
        "token" => account.AccessToken,
        "grant_type" => "refresh_token",
        "client_id" => "countersign",
        "display_name" => "Somebody",
        _ => $"not the word of anybody {_random.Next()}",
    };

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Path(string path, string parameter)
    {
        var (open, close) = (path.IndexOf('{', StringComparison.Ordinal), path.IndexOf('}', StringComparison.Ordinal));
        return open < 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path[..open]}{parameter}{path[(close + 1)..]}");
    }

    private static string Mark(string text, string marker) => text.Replace("@", marker, StringComparison.Ordinal);

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private byte[] Random(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
