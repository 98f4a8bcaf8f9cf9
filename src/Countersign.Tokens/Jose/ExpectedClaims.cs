using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// What the claims of tokens are expected to say under a policy, in the bytes in which they say it. Made once for a policy, so that reading a token encodes
/// nothing and makes no string for what all of them have in common.
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

    /// <summary><c>client_id</c>, as access tokens of this package have it; null where they have none.</summary>
    public string? WrittenClientId { get; }

    /// <summary>
    /// Whether it is known how the claims sets begin that this package writes under the policy: what stands before the subject, and what stands between it and
    /// the expiry of an access token. Both are the same bytes in every token, so that a reader compares them at once instead of member by member. False where a
    /// text does not stand in JSON as it is: it would be taken for JSON.
    /// </summary>
    public bool HasUsualBeginning { get; }

    /// <summary>The object's brace, <c>iss</c> if the policy has one, and the name of <c>sub</c> with its colon.</summary>
    public ReadOnlySpan<byte> BeforeSubject => _beforeSubject;

    /// <summary><c>aud</c> and <c>client_id</c> if access tokens have them, and the name of <c>exp</c> with its colon, behind a comma.</summary>
    public ReadOnlySpan<byte> BeforeExpiry => _beforeExpiry;

    private static string Name(KnownClaim claim) => $"\"{KnownClaims.Name(claim)}\":";

    private static string Text(KnownClaim claim, string? value) => value is null ? "" : $"{Name(claim)}\"{value}\",";

    private static bool IsPlain(string? text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && text.AsSpan().IndexOfAny('"', '\\') < 0;
}

/// <summary>A text that tokens are expected to have, or none.</summary>
internal readonly struct ExpectedText(string? text)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text ?? "");

    /// <summary>The text, which is given back in place of an equal one; null where none is expected.</summary>
    public string? Text { get; } = text;

    /// <summary>Empty where none is expected: no policy has an empty text.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>Whether a text without escapes is this one.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => Text is not null && utf8.SequenceEqual(_utf8);
}
