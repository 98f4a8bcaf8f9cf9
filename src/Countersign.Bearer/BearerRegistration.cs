namespace Countersign.Bearer;

/// <summary>The registration of a scheme of this package.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="IsLocal">Whether the app validates its own tokens. Otherwise the tokens are those of an authority.</param>
internal sealed record BearerRegistration(string Scheme, bool IsLocal);
