using System.Text;

namespace Countersign.Passwords.Rules;

/// <summary>
/// The embedded list of common passwords: lower case ASCII, one on each line, in byte order. It is searched in place and needs no other memory. Entries with
/// fewer than eight characters are left out, because the rule on length refuses them anyway. Source and licence: common-passwords.NOTICE.txt beside the list.
/// </summary>
internal static class CommonPasswords
{
    private const string Resource = "Countersign.Passwords.Rules.common-passwords.txt";

    private static readonly Lazy<byte[]> Lines = new(Load);

    internal static ReadOnlySpan<byte> Text => Lines.Value;

    /// <summary>Whether the whole password is on the list. Case does not matter.</summary>
    public static bool Contains(string password)
    {
        string lower = password.ToLowerInvariant();
        if (!Ascii.IsValid(lower))
        {
            return false;
        }

        ReadOnlySpan<byte> wanted = Encoding.ASCII.GetBytes(lower);
        ReadOnlySpan<byte> rest = Text;
        while (!rest.IsEmpty)
        {
            int start = rest[..(rest.Length / 2)].LastIndexOf((byte)'\n') + 1;
            int length = rest[start..].IndexOf((byte)'\n');
            int order = wanted.SequenceCompareTo(rest.Slice(start, length));
            if (order == 0)
            {
                return true;
            }

            rest = order < 0 ? rest[..start] : rest[(start + length + 1)..];
        }

        return false;
    }

    private static byte[] Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
