namespace Countersign.Server.Configuration;

/// <summary>A fault of a value, before its source is known.</summary>
/// <param name="Problem">See <see cref="Countersign.Tokens.Settings.SettingFault.Problem"/>.</param>
/// <param name="Remedy">See <see cref="Countersign.Tokens.Settings.SettingFault.Remedy"/>.</param>
internal sealed record SettingProblem(string Problem, string Remedy);
