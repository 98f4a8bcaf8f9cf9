using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Sessions.Keys;

/// <summary>
/// Encrypts small secrets for the database: AES-256-GCM under the master key, bound to the row that holds them. With a shared secret there is no master key;
/// then the key is derived from the secret.
/// </summary>
internal sealed class SecretBox : IDisposable
{
    /// <summary>Different labels make different values from one secret (RFC 5869 §3.2).</summary>
    private static readonly byte[] KeyLabel = "countersign secret box v1"u8.ToArray();

    private readonly MasterKey _current;
    private readonly MasterKey? _previous;

    private SecretBox(string current, string? previous)
    {
        _current = Parse(current);
        _previous = previous is null ? null : Parse(previous);
    }

    /// <summary>Makes a box from validated options.</summary>
    public static SecretBox From(KeyOptions keys, CountersignTokenOptions tokens) => tokens.SecretKey is { } secret
        ? new SecretBox(Derive(secret), tokens.PreviousSecretKey is { } previous ? Derive(previous) : null)
        : new SecretBox(keys.MasterKey!, keys.PreviousMasterKey);

    /// <summary>Encrypts a secret.</summary>
    /// <param name="secret">The secret; the caller zeroes it.</param>
    /// <param name="use">What it is for, so that it can't be decrypted as another kind of secret.</param>
    /// <param name="row">The id of its row, so that it can't be decrypted in another one.</param>
    public byte[] Seal(ReadOnlySpan<byte> secret, string use, Guid row) => _current.Wrap(secret, Bind(use, row));

    /// <summary>Decrypts the result of <see cref="Seal"/>, also under the previous key.</summary>
    /// <returns>False if it was encrypted under a third key, for another use or another row, or was changed.</returns>
    public bool TryOpen(ReadOnlySpan<byte> box, string use, Guid row, [NotNullWhen(true)] out byte[]? secret)
    {
        var binding = Bind(use, row);
        return _current.TryUnwrap(box, binding, out secret) || _previous?.TryUnwrap(box, binding, out secret) is true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _current.Dispose();
        _previous?.Dispose();
    }

    private static MasterKey Parse(string text) =>
        MasterKey.TryParse(text, out var key, out var fault) ? key : throw new InvalidOperationException(fault);

    private static string Derive(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, MasterKey.Bytes, info: KeyLabel);
        try
        {
            return Convert.ToBase64String(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The use is one of our constants without a zero, so no two uses and rows have the same bytes.</summary>
    private static byte[] Bind(string use, Guid row) => [.. KeyLabel, 0, .. Encoding.UTF8.GetBytes(use), 0, .. row.ToByteArray(bigEndian: true)];
}
