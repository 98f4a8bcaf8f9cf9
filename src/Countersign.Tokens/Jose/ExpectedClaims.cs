using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// The expected claims of tokens under a policy, as bytes. They are made once for a policy. So reading a token encodes nothing and makes no string for
/// values that all tokens share.
/// </summary>
internal sealed class ExpectedClaims
{
    private readonly byte[] _beforeSubject = [];
    private readonly byte[] _beforeExpiry = [];

    public ExpectedClaims(TokenPolicy policy)
    {
        Issuer = new ExpectedText(policy.Issuer);
        Audience = new ExpectedText(policy.Audience);
        ClientId = new ExpectedText(policy.ClientId);
        WrittenClientId = policy.IsSharedSecret ? null : policy.ClientId;
        HasUsualBeginning = IsPlain(policy.Issuer) && IsPlain(policy.Audience) && IsPlain(WrittenClientId);
        if (HasUsualBeginning)
        {
            _beforeSubject = Encoding.ASCII.GetBytes($"{{{Text(KnownClaim.Issuer, policy.Issuer)}{Name(KnownClaim.Subject)}");
            _beforeExpiry = Encoding.ASCII.GetBytes(
                $",{Text(KnownClaim.Audience, policy.Audience)}{Text(KnownClaim.ClientId, WrittenClientId)}{Name(KnownClaim.ExpiresAt)}");
        }
    }

    /// <summary><c>iss</c>.</summary>
    public ExpectedText Issuer { get; }

    /// <summary><c>aud</c>.</summary>
    public ExpectedText Audience { get; }

    /// <summary><c>client_id</c>, as a token may have it.</summary>
    public ExpectedText ClientId { get; }

    /// <summary><c>client_id</c> as this package writes it into access tokens; null if it writes none.</summary>
    public string? WrittenClientId { get; }

    /// <summary>
    /// Whether the first bytes of the claims sets that this package writes under the policy are known: the bytes before the subject, and the bytes between the
    /// subject and the expiry of an access token. They are the same in every token, so a reader compares them at once instead of member by member. False if
    /// a text needs escaping in JSON.
    /// </summary>
    public bool HasUsualBeginning { get; }

    /// <summary>The object's brace, <c>iss</c> if the policy has one, and the name of <c>sub</c> with its colon.</summary>
    public ReadOnlySpan<byte> BeforeSubject => _beforeSubject;

    /// <summary>A comma, then <c>aud</c> and <c>client_id</c> if access tokens have them, then the name of <c>exp</c> with its colon.</summary>
    public ReadOnlySpan<byte> BeforeExpiry => _beforeExpiry;

    private static string Name(KnownClaim claim) => $"\"{KnownClaims.Name(claim)}\":";

    private static string Text(KnownClaim claim, string? value) => value is null ? "" : $"{Name(claim)}\"{value}\",";

    private static bool IsPlain(string? text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && text.AsSpan().IndexOfAny('"', '\\') < 0;
}

/// <summary>A text that tokens are expected to have, or none.</summary>
internal readonly struct ExpectedText(string? text)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text ?? "");

    /// <summary>The expected text, returned in place of an equal one; null if none is expected.</summary>
    public string? Text { get; } = text;

    /// <summary>The bytes of the text. Empty if none is expected: no policy has an empty text.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>Whether the given text without escapes equals the expected one.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => Text is not null && utf8.SequenceEqual(_utf8);
}
