namespace Countersign.AspNetCore.Wire;

/// <summary>Marks a member that is required, and that the route itself asks for once it has checked something else.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AskedForLaterAttribute : Attribute;
