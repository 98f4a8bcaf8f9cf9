using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Sessions.Keys;

/// <summary>The key that encrypts signing keys and refresh keys in the database. It is not stored in the database.</summary>
/// <remarks>AES-256-GCM (NIST SP 800-38D) with a random nonce. Its limit is 2^32 keys under one master key, which is never reached. Thread-safe.</remarks>
internal sealed class MasterKey : IDisposable
{
    /// <summary>The length of a master key in bytes.</summary>
    public const int Bytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // If one thread encrypts while another disposes, it must use the key or fail, and must never use a key of zeroes.
    private readonly Lock _gate = new();
    private readonly byte[] _key;
    private bool _isDisposed;

    private MasterKey(byte[] key) => _key = key;

    /// <summary>Makes a new master key as text: base64 (RFC 4648 §4) of 32 random bytes. It is a secret.</summary>
    public static string Create()
    {
        Span<byte> key = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(key);
        var text = Convert.ToBase64String(key);
        CryptographicOperations.ZeroMemory(key);
        return text;
    }

    /// <summary>Reads a master key from its text.</summary>
    /// <param name="base64">Base64 (RFC 4648 §4, with padding) of 32 bytes. White space around it is ignored, so that a file may end with a new line.</param>
    /// <param name="key">The key; null if the text is not a master key.</param>
    /// <param name="fault">What is wrong with the text, for the person who configures it, without any part of the text; null if it is a master key.</param>
    /// <returns>Whether the text is a master key.</returns>
    public static bool TryParse(string? base64, [NotNullWhen(true)] out MasterKey? key, [NotNullWhen(false)] out string? fault)
    {
        key = null;
        var text = base64.AsSpan().Trim();
        if (text.IsEmpty)
        {
            fault = "The master key is empty.";
            return false;
        }

        // One byte more than needed, to detect a key that is too long.
        var bytes = new byte[Bytes + 1];
        if (text.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(text, bytes, out var length) || length != Bytes)
        {
            CryptographicOperations.ZeroMemory(bytes);
            fault = "The master key must be the base64 (with padding) of exactly 32 bytes, which has 44 characters.";
            return false;
        }

        // A placeholder such as "AAAA…A=" is not a secret.
        if (bytes.AsSpan(0, Bytes).IndexOfAnyExcept(bytes[0]) < 0)
        {
            CryptographicOperations.ZeroMemory(bytes);
            fault = "The master key is one byte repeated. It must be random.";
            return false;
        }

        key = new MasterKey(bytes[..Bytes]);
        CryptographicOperations.ZeroMemory(bytes);
        fault = null;
        return true;
    }

    /// <summary>Zeroes the key. Keys that it has encrypted do not change.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(_key);
        }
    }

    /// <summary>Returns the type's name, never the key.</summary>
    public override string ToString() => nameof(MasterKey);

    /// <summary>Encrypts the private part of a key.</summary>
    /// <param name="plaintext">The private part; the caller zeroes it.</param>
    /// <param name="associatedData">The data to which the ciphertext is bound, see <see cref="KeyBinding"/>.</param>
    /// <returns>Nonce (12 bytes), ciphertext, tag (16 bytes).</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    internal byte[] Wrap(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        var wrapped = new byte[NonceBytes + plaintext.Length + TagBytes];
        var nonce = wrapped.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Open();
        aes.Encrypt(nonce, plaintext, wrapped.AsSpan(NonceBytes, plaintext.Length), wrapped.AsSpan(NonceBytes + plaintext.Length), associatedData);
        return wrapped;
    }

    /// <summary>Decrypts the result of <see cref="Wrap"/>, with the same key and the same associated data.</summary>
    /// <param name="wrapped">Nonce, ciphertext, tag.</param>
    /// <param name="associatedData">The data to which the ciphertext must be bound.</param>
    /// <param name="plaintext">The private part, which the caller zeroes; null if the ciphertext is not genuine.</param>
    /// <returns>Whether the ciphertext is genuine.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    internal bool TryUnwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> associatedData, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        using var aes = Open();
        if (wrapped.Length < NonceBytes + TagBytes)
        {
            return false;
        }

        var opened = new byte[wrapped.Length - NonceBytes - TagBytes];
        try
        {
            aes.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], opened, associatedData);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plaintext = opened;
        return true;
    }

    /// <summary>Makes the cipher with a copy of the key, which exists longer than this object's key.</summary>
    private AesGcm Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new AesGcm(_key, TagBytes);
        }
    }
}

/// <summary>
/// The data to which an encrypted key is bound. The key can't be decrypted in another row, for another use or algorithm, or with another public part.
/// </summary>
internal static class KeyBinding
{
    // The label must change if the fields change, so that an old binding can't be read as a new one.
    private static ReadOnlySpan<byte> Label => "countersign wrapped key v1"u8;

    /// <summary>Writes the associated data: each field after its length (32 bits, big-endian), so that no two keys have the same data.</summary>
    /// <param name="table">The table that holds the row.</param>
    /// <param name="keyId">The key id.</param>
    /// <param name="use">What the key is for.</param>
    /// <param name="algorithm">The algorithm's name.</param>
    /// <param name="publicKey">The public part; null for a symmetric key. Null differs from an empty one.</param>
    public static byte[] Write(string table, string keyId, KeyUse use, string algorithm, ReadOnlyMemory<byte>? publicKey)
    {
        using var data = new MemoryStream();
        Append(data, Label);
        Append(data, Encoding.UTF8.GetBytes(table));
        Append(data, Encoding.UTF8.GetBytes(keyId));
        AppendNumber(data, (int)use);
        Append(data, Encoding.UTF8.GetBytes(algorithm));
        if (publicKey is { } bytes)
        {
            Append(data, bytes.Span);
        }
        else
        {
            AppendNumber(data, -1);
        }

        return data.ToArray();
    }

    private static void Append(MemoryStream data, ReadOnlySpan<byte> field)
    {
        AppendNumber(data, field.Length);
        data.Write(field);
    }

    private static void AppendNumber(MemoryStream data, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        data.Write(bytes);
    }
}
