namespace Countersign.AspNetCore.Wire;

/// <summary>One member of a request's body; every member is text.</summary>
/// <param name="Name">Its name on the wire.</param>
internal readonly record struct BodyMember(string Name)
{
    /// <summary>Whether it may be left out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether JSON's <c>null</c> is a value of it.</summary>
    public bool TakesNull { get; init; }
}
