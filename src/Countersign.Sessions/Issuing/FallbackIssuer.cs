namespace Countersign.Sessions.Issuing;

/// <summary>Names the issuer where none is configured: the bound address, where that is allowed.</summary>
/// <returns>An absolute URL; null where no fallback is allowed.</returns>
internal delegate string? FallbackIssuer();
