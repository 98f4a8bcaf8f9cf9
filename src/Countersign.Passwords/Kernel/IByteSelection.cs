namespace Countersign.Passwords.Kernel;

/// <summary>
/// Selects the two middle bytes of a word. It is a type parameter of the kernel, so both variants compile from one source and no call remains at run time.
/// </summary>
internal interface IByteSelection
{
    /// <summary>Bits 16 to 23.</summary>
    static abstract nuint Second(uint word);

    /// <summary>Bits 8 to 15.</summary>
    static abstract nuint Third(uint word);
}
