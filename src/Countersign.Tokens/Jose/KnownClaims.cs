using System.Text;
using System.Text.Json;

namespace Countersign.Tokens.Jose;

/// <summary>
/// The claims that the product writes or checks. The number of a member is its index in the table of names, and its bit in a reader's set of seen claims.
/// </summary>
internal enum KnownClaim
{
    /// <summary>Any other claim.</summary>
    None = 0,
    Issuer,
    Subject,
    Audience,
    ClientId,
    ExpiresAt,
    NotBefore,
    IssuedAt,
    TokenId,
    SessionId,
    Type,
    AuthenticatedAt,
    Methods,
    Roles,
    Epoch,
    Revision,
    Confirmation,
}

/// <summary>The table of known claims. It has the names in every form that readers and the writer need, and finds the claim of a name.</summary>
internal static class KnownClaims
{
    /// <summary>Longest name in bytes.</summary>
    public const int LongestName = 9;

    private const int BeginningLength = 3;

    /// <summary>The names by number. The entry of <see cref="KnownClaim.None"/> is empty.</summary>
    private static readonly string[] Names = Order(
        (KnownClaim.Issuer, ClaimNames.Issuer),
        (KnownClaim.Subject, ClaimNames.Subject),
        (KnownClaim.Audience, ClaimNames.Audience),
        (KnownClaim.ClientId, ClaimNames.ClientId),
        (KnownClaim.ExpiresAt, ClaimNames.ExpiresAt),
        (KnownClaim.NotBefore, ClaimNames.NotBefore),
        (KnownClaim.IssuedAt, ClaimNames.IssuedAt),
        (KnownClaim.TokenId, ClaimNames.TokenId),
        (KnownClaim.SessionId, ClaimNames.SessionId),
        (KnownClaim.Type, ClaimNames.Type),
        (KnownClaim.AuthenticatedAt, ClaimNames.AuthenticatedAt),
        (KnownClaim.Methods, ClaimNames.Methods),
        (KnownClaim.Roles, ClaimNames.Roles),
        (KnownClaim.Epoch, ClaimNames.Epoch),
        (KnownClaim.Revision, ClaimNames.Revision),
        (KnownClaim.Confirmation, ClaimNames.Confirmation));

    private static readonly byte[][] Utf8Names = Array.ConvertAll(Names, Encoding.ASCII.GetBytes);
    private static readonly byte[][] Members = Array.ConvertAll(Names, static name => Encoding.ASCII.GetBytes($",\"{name}\":"));
    private static readonly JsonEncodedText[] Encoded = Array.ConvertAll(Names, static name => JsonEncodedText.Encode(name));

    /// <summary>The first bytes of the names. No two names begin alike, so one comparison of numbers finds the only candidate.</summary>
    private static readonly uint[] Beginnings = Array.ConvertAll(Utf8Names, static name => name.Length == 0 ? uint.MaxValue : Beginning(name));

    public static string Name(KnownClaim claim) => Names[(int)claim];

    /// <summary>The name for a JSON writer.</summary>
    public static JsonEncodedText Encode(KnownClaim claim) => Encoded[(int)claim];

    /// <summary>
    /// The text before the value of a claim that is not the first, without white space: a comma, the name in quotation marks, and a colon.
    /// </summary>
    public static ReadOnlySpan<byte> Member(KnownClaim claim) => Members[(int)claim];

    /// <summary>Finds the claim with the given name. Names are compared byte by byte.</summary>
    /// <param name="name">The name in UTF-8, without escapes.</param>
    public static KnownClaim Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < BeginningLength)
        {
            return KnownClaim.None;
        }

        var found = Beginnings.AsSpan().IndexOf(Beginning(name));
        return found >= 0 && name[BeginningLength..].SequenceEqual(Utf8Names[found].AsSpan(BeginningLength)) ? (KnownClaim)found : KnownClaim.None;
    }

    /// <summary>Whether the name is forbidden for a further claim.</summary>
    public static bool IsReserved(string name) => name.Length > 0 && Names.AsSpan().Contains(name);

    private static uint Beginning(ReadOnlySpan<byte> name) => ((uint)name[0] << 16) | ((uint)name[1] << 8) | name[2];

    private static string[] Order(params ReadOnlySpan<(KnownClaim Claim, string Name)> claims)
    {
        var names = new string[claims.Length + 1];
        names[(int)KnownClaim.None] = "";
        foreach (var (claim, name) in claims)
        {
            names[(int)claim] = name;
        }

        return names;
    }
}
