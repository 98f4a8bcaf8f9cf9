using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Countersign.TestServer;

/// <summary>
/// Every secret that the tests of this process have sent or received, to be looked for where none may be: in a server's log, its database, its files. A
/// password counts where all of it stands, as it is or encoded; a token where sixteen characters of its signature do.
/// </summary>
internal static class Canaries
{
    /// <summary>What is shorter is no secret of ours: tests send "x" and "nonsense" for passwords and tokens.</summary>
    private const int Window = 16;

    private static readonly string[] SecretMembers =
    [
        "password", "current_password", "new_password", "access_token", "refresh_token", "client_secret", "token"
    ];

    private static readonly Lock Gate = new();

    private static readonly HashSet<string> Secrets = new(StringComparer.Ordinal);

    /// <summary>The last sixteen bytes of each form of a secret, and the whole forms that end so; none where the sixteen are enough.</summary>
    private static readonly Dictionary<UInt128, List<byte[]>> Needles = [];

    /// <summary>How many secrets there are.</summary>
    public static int Count
    {
        get
        {
            lock (Gate)
            {
                return Secrets.Count;
            }
        }
    }

    /// <summary>Keeps a secret: a token if it looks like one.</summary>
    public static void Add(string? secret)
    {
        if (secret is null || secret.Length < Window)
        {
            return;
        }

        lock (Gate)
        {
            if (!Secrets.Add(secret))
            {
                return;
            }

            var bytes = Encoding.UTF8.GetBytes(secret);
            AddForms(bytes);
            AddWhole(Encoding.UTF8.GetBytes(Uri.EscapeDataString(secret)));
            AddWhole(Encoding.UTF8.GetBytes(Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal)));
            if (secret.Split('.') is [_, _, { Length: >= Window } signature])
            {
                AddWindows(Encoding.UTF8.GetBytes(signature));
            }
        }
    }

    /// <summary>Keeps the bytes of a key: any sixteen of them, and all of them as text.</summary>
    public static void Add(ReadOnlySpan<byte> key)
    {
        lock (Gate)
        {
            AddForms(key);
            AddWhole(Encoding.ASCII.GetBytes(Convert.ToHexString(key)));
            AddWhole(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)));
            AddWindows(key);
        }
    }

    /// <summary>Keeps what the members of a body say that are known to hold secrets.</summary>
    /// <param name="body">JSON or a form; anything else is passed over.</param>
    public static void AddFrom(string body)
    {
        if (body.StartsWith('{'))
        {
            AddFromJson(body);
            return;
        }

        foreach (var pair in body.Split('&'))
        {
            if (pair.Split('=', 2) is [var name, var value] && SecretMembers.Contains(name, StringComparer.Ordinal))
            {
                Add(Uri.UnescapeDataString(value.Replace('+', ' ')));
            }
        }
    }

    /// <summary>Looks for every secret.</summary>
    /// <param name="place">What is looked through, for the report.</param>
    /// <param name="content">Its bytes.</param>
    /// <returns>Where there are any, with what stands around them; nothing of the secret itself but its length.</returns>
    public static IReadOnlyList<string> Find(string place, ReadOnlySpan<byte> content)
    {
        List<string> found = [];
        lock (Gate)
        {
            for (var start = 0; start + Window <= content.Length && found.Count < 10; start++)
            {
                if (Needles.TryGetValue(MemoryMarshal.Read<UInt128>(content[start..]), out var forms)
                    && IsThere(forms, content[..(start + Window)], out var length))
                {
                    var begin = start + Window - length;
                    var around = Encoding.Latin1.GetString(content[Math.Max(0, begin - 80)..begin]).Replace('\n', ' ').Replace('\r', ' ');
                    found.Add($"{place}: a secret ({length} bytes) that ends at {start + Window}, behind \"{around}\"");
                    start += Window;
                }
            }
        }

        return found;
    }

    private static bool IsThere(List<byte[]> forms, ReadOnlySpan<byte> upTo, out int length)
    {
        length = Window;
        if (forms.Count == 0)
        {
            return true;
        }

        foreach (var form in forms)
        {
            if (upTo.EndsWith(form))
            {
                length = form.Length;
                return true;
            }
        }

        return false;
    }

    private static void AddFromJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String && SecretMembers.Contains(member.Name, StringComparer.Ordinal))
                {
                    Add(member.Value.GetString());
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A hostile body: what no parser reads is nobody's secret.
        }
    }

    private static void AddForms(ReadOnlySpan<byte> secret)
    {
        AddWhole(secret.ToArray());
        AddWhole(Encoding.ASCII.GetBytes(Convert.ToBase64String(secret).TrimEnd('=')));
        AddWhole(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(secret)));
    }

    private static void AddWhole(byte[] form)
    {
        if (form.Length < Window)
        {
            return;
        }

        var end = MemoryMarshal.Read<UInt128>(form.AsSpan(form.Length - Window));
        if (!Needles.TryGetValue(end, out var forms))
        {
            Needles.Add(end, [form]);
        }
        else if (forms.Count > 0)
        {
            forms.Add(form);
        }
    }

    private static void AddWindows(ReadOnlySpan<byte> text)
    {
        for (var start = 0; start + Window <= text.Length; start++)
        {
            Needles[MemoryMarshal.Read<UInt128>(text[start..])] = [];
        }
    }
}
