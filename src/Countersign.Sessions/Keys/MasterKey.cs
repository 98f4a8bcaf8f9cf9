using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Sessions.Keys;

/// <summary>The key under which signing and refresh keys are encrypted in the database. It is not in the database itself.</summary>
/// <remarks>
/// AES-256-GCM (NIST SP 800-38D) with a random nonce: far fewer than its limit of 2^32 keys are ever wrapped under one master key. Safe for use by many
/// threads.
/// </remarks>
internal sealed class MasterKey : IDisposable
{
    /// <summary>The length of a master key in bytes.</summary>
    public const int Bytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    // Whoever wraps while another thread disposes must see the key or be refused, and never a key of zeroes.
    private readonly Lock _gate = new();
    private readonly byte[] _key;
    private bool _isDisposed;

    private MasterKey(byte[] key) => _key = key;

    /// <summary>Makes the text of a new master key: base64 (RFC 4648 §4) of 32 random bytes. It is a secret.</summary>
    public static string Create()
    {
        Span<byte> key = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(key);
        var text = Convert.ToBase64String(key);
        CryptographicOperations.ZeroMemory(key);
        return text;
    }

    /// <summary>Reads a master key from its text.</summary>
    /// <param name="base64">Base64 (RFC 4648 §4, with padding) of 32 bytes; white space around it is left out, so that a file may end with a new line.</param>
    /// <param name="key">The key; null if the text is none.</param>
    /// <param name="fault">What is wrong with the text, for the person who configures it and without any of it; null if it is a key.</param>
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

        // One byte more than needed, so that a key that is too long is told from one of the right length.
        var bytes = new byte[Bytes + 1];
        if (text.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(text, bytes, out var length) || length != Bytes)
        {
            CryptographicOperations.ZeroMemory(bytes);
            fault = "The master key must be base64 (with padding) of exactly 32 bytes, which are 44 characters.";
            return false;
        }

        // A placeholder such as "AAAA…A=" is no secret.
        if (bytes.AsSpan(0, Bytes).IndexOfAnyExcept(bytes[0]) < 0)
        {
            CryptographicOperations.ZeroMemory(bytes);
            fault = "The master key consists of one byte repeated; it must be random.";
            return false;
        }

        key = new MasterKey(bytes[..Bytes]);
        CryptographicOperations.ZeroMemory(bytes);
        fault = null;
        return true;
    }

    /// <summary>Zeroes the key. What was wrapped stays as it is.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(_key);
        }
    }

    /// <summary>The name of the type: the key is nobody's to print.</summary>
    public override string ToString() => nameof(MasterKey);

    /// <summary>Encrypts the private part of a key.</summary>
    /// <param name="plaintext">The private part; the caller zeroes it.</param>
    /// <param name="associatedData">What the ciphertext is bound to, see <see cref="KeyBinding"/>.</param>
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

    /// <summary>Decrypts what <see cref="Wrap"/> made under the same key and the same associated data.</summary>
    /// <param name="wrapped">Nonce, ciphertext, tag.</param>
    /// <param name="associatedData">What the ciphertext must be bound to.</param>
    /// <param name="plaintext">The private part, which the caller zeroes; null if anything does not fit.</param>
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

    /// <summary>The cipher with a copy of the key, which outlives this object's.</summary>
    private AesGcm Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new AesGcm(_key, TagBytes);
        }
    }
}

/// <summary>What a wrapped key is bound to: moved to another row, use or algorithm, or beside another public part, it does not open.</summary>
internal static class KeyBinding
{
    // Changes if the fields ever do, so that no old binding can be read as a new one.
    private static ReadOnlySpan<byte> Label => "countersign wrapped key v1"u8;

    /// <summary>Writes the associated data: each field after its length (32 bits, big-endian), so that no two keys share one.</summary>
    /// <param name="table">The table that holds the row.</param>
    /// <param name="keyId">The key id.</param>
    /// <param name="use">What the key is for.</param>
    /// <param name="algorithm">The algorithm's name.</param>
    /// <param name="publicKey">The public part; null for a symmetric key, which is not the same as an empty one.</param>
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
