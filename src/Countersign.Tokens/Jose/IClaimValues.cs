namespace Countersign.Tokens.Jose;

/// <summary>
/// A reader that stands behind a claim's name and reads the value in the form that is due there. False is a value of another form; what was read is worth
/// nothing then.
/// </summary>
internal interface IClaimValues
{
    bool TryReadText(scoped in ExpectedText expected, out string? text);

    bool TryReadIdentifier(out ClaimText identifier);

    bool TryReadSessionId(out Guid? sessionId);

    bool TryReadType(out TypeClaim type);

    bool TryReadAudience(scoped in ExpectedText ours, out AudienceClaim audience);

    /// <summary>Reads an array of strings, which are counted here and read when somebody asks for them.</summary>
    bool TryReadTexts(scoped ref ClaimsSet claims);

    /// <summary>Reads a NumericDate between 1970 and 9999 in whole seconds.</summary>
    /// <param name="seconds">The seconds.</param>
    /// <param name="roundsUp">Where a fraction of a second goes: to the next second, or nowhere.</param>
    bool TryReadInstant(out long? seconds, bool roundsUp = false);

    /// <summary>Reads a whole number of 0 or more.</summary>
    bool TryReadNumber(out long? number);

    /// <summary>Passes over a value of any form.</summary>
    bool TrySkip();
}
