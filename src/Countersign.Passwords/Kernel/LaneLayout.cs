namespace Countersign.Passwords.Kernel;

/// <summary>
/// Where a lane keeps what, in bytes from the lane's start. Offsets are constants so that the code of every width needs one base register for all its lanes:
/// two registers a lane for the halves of its block, and the rest of an x64 machine's for table indices.
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
    /// From one lane to the next: whole cache lines, and not a multiple of 4096, where the same box entry of two lanes would lie in the same set of a first-level cache and a store
    /// of one lane would look like what another lane loads (the low twelve bits are what processors compare first). Four lanes take 17 KiB of the usual 32 or 48.
    /// </summary>
    public const int Stride = 4352;

    public const int First = 0;
    public const int Second = Stride;
    public const int Third = 2 * Stride;
    public const int Fourth = 3 * Stride;

    /// <summary>A cache line.</summary>
    public const int Alignment = 64;
}
