namespace Countersign.Bearer;

/// <summary>That a scheme of this package is registered.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="IsLocal">Whether the app validates its tokens itself; else they are an authority's.</param>
internal sealed record BearerRegistration(string Scheme, bool IsLocal);
