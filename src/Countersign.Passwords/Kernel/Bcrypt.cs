namespace Countersign.Passwords.Kernel;

/// <summary>The numbers of bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999, and OpenBSD's bcrypt.c).</summary>
internal static class Bcrypt
{
    /// <summary>What is beyond takes no part in the key schedule.</summary>
    public const int MaxPasswordBytes = 72;

    public const int SaltBytes = 16;

    /// <summary>The last of the 24 bytes is not kept.</summary>
    public const int DigestBytes = 23;

    public const int LowestCost = 4;

    public const int HighestCost = 31;

    /// <summary>
    /// Whether bcrypt tells this password from every other. Beyond 72 bytes it truncates; with a NUL inside, <c>p</c> and <c>p 00 p</c> are one password to it.
    /// </summary>
    public static bool IsExact(ReadOnlySpan<byte> password) => password.Length <= MaxPasswordBytes && !password.Contains((byte)0);

    public static long Rounds(int cost) => 1L << cost;
}
