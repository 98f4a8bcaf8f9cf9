namespace Countersign.Passwords.Kernel;

/// <summary>The numbers of bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999, and OpenBSD's bcrypt.c).</summary>
internal static class Bcrypt
{
    /// <summary>Further bytes are not used by the key schedule.</summary>
    public const int MaxPasswordBytes = 72;

    public const int SaltBytes = 16;

    /// <summary>The last of the 24 bytes is not kept.</summary>
    public const int DigestBytes = 23;

    public const int LowestCost = 4;

    public const int HighestCost = 31;

    /// <summary>
    /// Whether bcrypt distinguishes this password from every other. It truncates after 72 bytes. If a NUL is inside, <c>p</c> and <c>p 00 p</c> are the same
    /// password for it.
    /// </summary>
    public static bool IsExact(ReadOnlySpan<byte> password) => password.Length <= MaxPasswordBytes && !password.Contains((byte)0);

    public static long Rounds(int cost) => 1L << cost;
}
