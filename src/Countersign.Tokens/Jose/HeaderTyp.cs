namespace Countersign.Tokens.Jose;

/// <summary>The value of the header's <c>typ</c>, as far as a policy distinguishes values.</summary>
internal enum HeaderTyp
{
    Missing = 0,
    Access,
    Refresh,

    /// <summary>The general "JWT" of RFC 7519 §5.1.</summary>
    Jwt,
    Other,
}
