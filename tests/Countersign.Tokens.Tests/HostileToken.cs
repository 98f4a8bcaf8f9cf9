namespace Countersign.Tokens.Tests;

/// <summary>One row of the table of hostile tokens: the rule it breaks, and the only error that may refuse it.</summary>
internal sealed record HostileToken(string Rule, string Name, string Token, TokenError Error)
{
    public override string ToString() => $"{Rule} {Name}";
}
