namespace Countersign.Server.Configuration;

/// <summary>A fault of a value, before its source is known.</summary>
/// <param name="Problem">See <see cref="ConfigurationFault.Problem"/>.</param>
/// <param name="Remedy">See <see cref="ConfigurationFault.Remedy"/>.</param>
internal sealed record SettingProblem(string Problem, string Remedy);
