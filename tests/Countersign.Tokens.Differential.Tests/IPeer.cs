namespace Countersign.Tokens.Differential.Tests;

/// <summary>Another library that judges by the same key, issuer, audience, typ and clock.</summary>
internal interface IPeer
{
    /// <summary>As it stands in the list of documented strictness.</summary>
    string Name { get; }

    /// <summary>Whether it takes the token.</summary>
    bool Accepts(string token);
}
