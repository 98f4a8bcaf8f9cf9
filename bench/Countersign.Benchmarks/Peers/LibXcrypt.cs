using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Benchmarks.Peers;

/// <summary>The system's own bcrypt, which login and sshd use.</summary>
internal static partial class LibXcrypt
{
    private static readonly byte[] Password = "correct horse\0"u8.ToArray();

    /// <summary><c>struct crypt_data</c> of libxcrypt 4 has 32 KiB; twice that is always enough.</summary>
    private static readonly byte[] Data = new byte[65536];

    public static bool IsPresent { get; } = NativeLibrary.TryLoad("libcrypt.so.1", out _);

    /// <summary>Computes one hash.</summary>
    public static void Hash(int cost)
    {
        byte[] setting = Encoding.ASCII.GetBytes($"$2b${cost:D2}$abcdefghijklmnopqrstuu\0");
        if (Marshal.PtrToStringUTF8(Crypt(Password, setting, Data)) is not { Length: 60 })
        {
            throw new InvalidOperationException("crypt_r did not hash.");
        }
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_r")]
    private static partial nint Crypt([In] byte[] password, [In] byte[] setting, [In, Out] byte[] data);
}
