namespace Countersign.AspNetCore.Wire;

/// <summary>Marks a required member that the route itself checks, after it has checked something else.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AskedForLaterAttribute : Attribute;
