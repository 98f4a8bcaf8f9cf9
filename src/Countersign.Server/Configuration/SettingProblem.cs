namespace Countersign.Server.Configuration;

/// <summary>What is wrong with a value, before it is known where the value came from.</summary>
/// <param name="Problem">See <see cref="ConfigurationFault.Problem"/>.</param>
/// <param name="Remedy">See <see cref="ConfigurationFault.Remedy"/>.</param>
internal sealed record SettingProblem(string Problem, string Remedy);
