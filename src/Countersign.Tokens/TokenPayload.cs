namespace Countersign.Tokens;

/// <summary>What <see cref="TokenValidator.Decode"/> gives: the three claims that every token has.</summary>
/// <param name="Sub">The subject.</param>
/// <param name="Exp">The instant from which on the token is refused.</param>
/// <param name="Type"><c>access</c> or <c>refresh</c>.</param>
public sealed record TokenPayload(string Sub, DateTimeOffset Exp, string Type);
