namespace Countersign.Tokens.Jose;

/// <summary>What the header's <c>typ</c> says, as far as a policy tells values apart.</summary>
internal enum HeaderTyp
{
    Missing = 0,
    Access,
    Refresh,

    /// <summary>The general "JWT" of RFC 7519 §5.1.</summary>
    Jwt,
    Other,
}
