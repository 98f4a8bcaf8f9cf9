namespace Countersign.Passwords.Kernel;

/// <summary>What computes bcrypt. Its callers have settled every question of format, limits and Unicode before.</summary>
internal interface IBcryptKernel
{
    /// <summary>Computes one digest, on the calling thread.</summary>
    /// <param name="password">At most <see cref="Bcrypt.MaxPasswordBytes"/> bytes of UTF-8 without NUL.</param>
    /// <param name="salt"><see cref="Bcrypt.SaltBytes"/> bytes.</param>
    /// <param name="cost">4 to 31.</param>
    /// <param name="digest">Takes <see cref="Bcrypt.DigestBytes"/> bytes.</param>
    void Digest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> digest);
}
