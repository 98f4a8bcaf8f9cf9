namespace Countersign.Passwords.Kernel;

/// <summary>How the two middle bytes of a word are cut out. A type parameter of the kernel, so that both ways compile from one text and neither is called at run time.</summary>
internal interface IByteSelection
{
    /// <summary>Bits 16 to 23.</summary>
    static abstract nuint Second(uint word);

    /// <summary>Bits 8 to 15.</summary>
    static abstract nuint Third(uint word);
}
