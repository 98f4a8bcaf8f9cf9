using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>
/// A key of the table that this node has decrypted. It stays the same object over reloads, so that tokens that have verified need not verify again; and it stays
/// open when its row comes to be under a master key that this process does not have.
/// </summary>
internal sealed class DecryptedKey(StoredKey row, SigningKey signer)
{
    /// <summary>What verifies.</summary>
    public VerificationKey Verifier { get; } = signer.VerificationKey;

    /// <summary>What signs; null once it never will again.</summary>
    public SigningKey? Signer { get; private set; } = signer;

    /// <summary>Whether a row is of this key.</summary>
    public bool Is(StoredKey other) =>
        string.Equals(row.KeyId, other.KeyId, StringComparison.Ordinal)
        && row.Use == other.Use
        && string.Equals(row.Algorithm, other.Algorithm, StringComparison.Ordinal)
        && (row.PublicKey is null) == (other.PublicKey is null)
        && row.PublicKey.GetValueOrDefault().Span.SequenceEqual(other.PublicKey.GetValueOrDefault().Span);

    /// <summary>Gives up the part that signs.</summary>
    /// <returns>It, for whoever zeroes it once no thread can be signing with it; null if it was given up before.</returns>
    public SigningKey? TakeSigner()
    {
        var taken = Signer;
        Signer = null;
        return taken;
    }

    /// <summary>Whether a key of this state ever signs again: a refresh token of a session is written again under the key that the session's row names.</summary>
    public static bool CanSign(StoredKey row) =>
        row.State is KeyState.Next or KeyState.Current || row is { Use: KeyUse.RefreshToken, State: KeyState.Retired };

    /// <summary>The key id alone.</summary>
    public override string ToString() => $"DecryptedKey {row.KeyId}";
}
