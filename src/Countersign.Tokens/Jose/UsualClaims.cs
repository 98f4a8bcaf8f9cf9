using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// How the claims sets that this package writes under a policy begin: what stands before the subject, and what stands between it and the expiry of an access token.
/// Both are the same bytes in every token, so that a reader compares them at once instead of member by member.
/// </summary>
internal sealed class UsualClaims
{
    private readonly byte[] _beforeSubject;
    private readonly byte[] _beforeExpiry;

    private UsualClaims(string beforeSubject, string beforeExpiry)
    {
        _beforeSubject = Encoding.ASCII.GetBytes(beforeSubject);
        _beforeExpiry = Encoding.ASCII.GetBytes(beforeExpiry);
    }

    /// <summary>The object's brace, <c>iss</c> if the policy has one, and the name of <c>sub</c> with its colon.</summary>
    public ReadOnlySpan<byte> BeforeSubject => _beforeSubject;

    /// <summary><c>aud</c> and <c>client_id</c> if access tokens have them, and the name of <c>exp</c> with its colon, each behind a comma.</summary>
    public ReadOnlySpan<byte> BeforeExpiry => _beforeExpiry;

    /// <returns>Null where a text does not stand in JSON as it is: then nothing is said about how a claims set begins.</returns>
    public static UsualClaims? Of(TokenPolicy policy)
    {
        var clientId = policy.IsSharedSecret ? null : policy.ClientId;
        return IsPlain(policy.Issuer) && IsPlain(policy.Audience) && IsPlain(clientId)
            ? new UsualClaims(
                $"{{{Member(ClaimNames.Issuer, policy.Issuer)}\"{ClaimNames.Subject}\":",
                $",{Member(ClaimNames.Audience, policy.Audience)}{Member(ClaimNames.ClientId, clientId)}\"{ClaimNames.ExpiresAt}\":")
            : null;
    }

    private static string Member(string name, string? value) => value is null ? "" : $"\"{name}\":\"{value}\",";

    private static bool IsPlain(string? text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && text.AsSpan().IndexOfAny('"', '\\') < 0;
}
