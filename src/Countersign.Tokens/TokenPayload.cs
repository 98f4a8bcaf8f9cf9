namespace Countersign.Tokens;

/// <summary>The result of <see cref="TokenValidator.Decode"/>: the three claims that every token has.</summary>
/// <param name="Sub">The subject.</param>
/// <param name="Exp">From this instant on the token is refused.</param>
/// <param name="Type"><c>access</c> or <c>refresh</c>.</param>
public sealed record TokenPayload(string Sub, DateTimeOffset Exp, string Type);
