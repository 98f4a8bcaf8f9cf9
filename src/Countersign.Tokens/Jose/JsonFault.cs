namespace Countersign.Tokens.Jose;

/// <summary>A fault that <see cref="StrictJson"/> found.</summary>
internal enum JsonFault
{
    None = 0,
    Malformed,
    DuplicateMember,
}
