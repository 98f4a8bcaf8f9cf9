using System.Text;

namespace Countersign.Passwords.Rules;

/// <summary>
/// The embedded list of common passwords: lower case ASCII, a line each, in byte order, so that it is searched where it lies and costs no memory of its own.
/// Entries under eight characters are left out: no rule set lets them through. Source and licence: common-passwords.NOTICE.txt beside the list.
/// </summary>
internal static class CommonPasswords
{
    private const string Resource = "Countersign.Passwords.Rules.common-passwords.txt";

    private static readonly Lazy<byte[]> Lines = new(Load);

    internal static ReadOnlySpan<byte> Text => Lines.Value;

    /// <summary>Whether the whole password is on the list, whatever its case.</summary>
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
