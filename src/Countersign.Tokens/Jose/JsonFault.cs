namespace Countersign.Tokens.Jose;

/// <summary>What <see cref="StrictJson"/> found.</summary>
internal enum JsonFault
{
    None = 0,
    Malformed,
    DuplicateMember,
}
