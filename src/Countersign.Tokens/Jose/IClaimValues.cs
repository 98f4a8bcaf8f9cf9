namespace Countersign.Tokens.Jose;

/// <summary>
/// A reader positioned after a claim's name. It reads the value in the form that the claim must have. False means that the value has another form; ignore
/// the output then.
/// </summary>
internal interface IClaimValues
{
    bool TryReadText(scoped in ExpectedText expected, out string? text);

    bool TryReadIdentifier(out ClaimText identifier);

    bool TryReadSessionId(out Guid? sessionId);

    bool TryReadType(out TypeClaim type);

    bool TryReadAudience(scoped in ExpectedText ours, out AudienceClaim audience);

    /// <summary>Counts the strings of an array. The strings themselves are read on demand.</summary>
    bool TryReadTexts(scoped ref ClaimsSet claims);

    /// <summary>Reads a NumericDate between 1970 and 9999 in whole seconds.</summary>
    /// <param name="seconds">The seconds.</param>
    /// <param name="roundsUp">True: round a fraction of a second up to the next second. False: drop it.</param>
    bool TryReadInstant(out long? seconds, bool roundsUp = false);

    /// <summary>Reads a whole number of 0 or more.</summary>
    bool TryReadNumber(out long? number);

    /// <summary>Skips a value of any form.</summary>
    bool TrySkip();
}
