namespace Countersign.Passwords.Kernel;

/// <summary>
/// The layout of a lane, in bytes from the lane's start. Offsets are constants, so the code of every width needs one base register for all its lanes. Two
/// registers for each lane hold the halves of its block, and the other registers of an x64 machine hold table indices.
/// </summary>
internal static class LaneLayout
{
    public const int Boxes = 0;
    public const int SecondBox = 1024;
    public const int ThirdBox = 2048;
    public const int FourthBox = 3072;
    public const int BoxesBytes = 4096;

    /// <summary>The 18 words P of Blowfish.</summary>
    public const int Subkeys = Boxes + BoxesBytes;
    public const int SubkeyCount = 18;
    public const int SubkeysBytes = SubkeyCount * sizeof(uint);

    /// <summary>The password, repeated to 18 words.</summary>
    public const int KeySchedule = Subkeys + SubkeysBytes;

    /// <summary>The salt, repeated to 18 words.</summary>
    public const int SaltSchedule = KeySchedule + SubkeysBytes;

    /// <summary>
    /// The distance between two lanes. It is a multiple of the cache line, but not of 4096. With a multiple of 4096, the same box entry of two lanes would be
    /// in the same set of a first-level cache, and a store of one lane would look like a load of another (processors compare the low twelve bits first). Four
    /// lanes take 17 KiB of the usual 32 or 48.
    /// </summary>
    public const int Stride = 4352;

    public const int First = 0;
    public const int Second = Stride;
    public const int Third = 2 * Stride;
    public const int Fourth = 3 * Stride;

    /// <summary>A cache line.</summary>
    public const int Alignment = 64;
}
