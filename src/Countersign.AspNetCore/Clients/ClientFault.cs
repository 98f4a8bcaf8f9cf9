namespace Countersign.AspNetCore.Clients;

/// <summary>One thing that is wrong with the configured clients. It never holds a hash: somebody may have written the secret itself there.</summary>
/// <param name="Key">The setting's key.</param>
/// <param name="Problem">What is wrong: a phrase that follows the key.</param>
/// <param name="Remedy">What to do: a whole sentence.</param>
internal sealed record ClientFault(string Key, string Problem, string Remedy);
