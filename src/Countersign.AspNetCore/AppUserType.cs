namespace Countersign.AspNetCore;

/// <summary>Remembers the user type that Countersign was added for.</summary>
internal sealed record AppUserType(Type Type);
