using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Passwords.Tests.Support;

/// <summary>The system's own bcrypt.</summary>
internal static partial class LibXcrypt
{
    /// <summary><c>struct crypt_data</c> of libxcrypt 4 has 32 KiB; twice that is enough for any.</summary>
    private const int DataBytes = 65536;

    public static void SkipIfAbsent() =>
        Assert.SkipUnless(NativeLibrary.TryLoad("libcrypt.so.1", out _), "There is no libcrypt.so.1 on this system.");

    /// <summary>The hash of a password without NUL under a setting such as <c>$2b$05$</c> and 22 characters of salt.</summary>
    public static string Hash(ReadOnlySpan<byte> password, string setting)
    {
        byte[] terminated = [.. password, 0];
        var data = new byte[DataBytes];
        return Marshal.PtrToStringUTF8(Crypt(terminated, [.. Encoding.ASCII.GetBytes(setting), 0], data))!;
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_r")]
    private static partial nint Crypt([In] byte[] password, [In] byte[] setting, [In, Out] byte[] data);
}
