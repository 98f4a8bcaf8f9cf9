using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Passwords;

/// <summary>
/// A password as the bytes that are hashed: UTF-8 of its NFC form, and of the text as sent where that differs (hashes made elsewhere know nothing of NFC).
/// Zeroed when disposed of.
/// </summary>
internal sealed class PasswordBytes : IDisposable
{
    /// <summary>Longest password in UTF-8 bytes, in either form (CVE-2013-1443: a megabyte must not be hashed).</summary>
    public const int MaxBytes = 4096;

    private static readonly PasswordBytes Unhashable = new([], null, isHashable: false);

    private readonly byte[] _normalized;
    private readonly byte[]? _asSent;

    private PasswordBytes(byte[] normalized, byte[]? asSent, bool isHashable)
    {
        _normalized = normalized;
        _asSent = asSent;
        IsHashable = isHashable;
    }

    /// <summary>False for text that no hash is ever made of: too long, or not <see cref="IsUnicode"/>.</summary>
    public bool IsHashable { get; }

    public ReadOnlySpan<byte> Normalized => _normalized;

    /// <summary>The text as it was sent, whatever its form.</summary>
    public ReadOnlySpan<byte> AsSent => _asSent ?? _normalized;

    /// <summary>How many forms a comparison has to try: 1, or 2 when the text as sent is not in NFC.</summary>
    public int Forms => _asSent is null ? 1 : 2;

    /// <summary>The NFC form first, then the text as sent.</summary>
    public ReadOnlySpan<byte> Form(int index) => index == 0 ? _normalized : _asSent;

    public static PasswordBytes Of(string password)
    {
        // Every UTF-16 unit takes at least one byte of UTF-8, so the length alone refuses long text before anything reads it.
        if (password.Length > MaxBytes || !IsUnicode(password) || Encoding.UTF8.GetByteCount(password) > MaxBytes)
        {
            return Unhashable;
        }

        string normalized = password.Normalize(NormalizationForm.FormC);
        if (Encoding.UTF8.GetByteCount(normalized) > MaxBytes)
        {
            return Unhashable;
        }

        byte[]? asSent = string.Equals(normalized, password, StringComparison.Ordinal) ? null : Encoding.UTF8.GetBytes(password);
        return new PasswordBytes(Encoding.UTF8.GetBytes(normalized), asSent, isHashable: true);
    }

    /// <summary>Whether every surrogate has its partner, and there is no U+FFFE, a byte order mark the wrong way round: normalising throws on both.</summary>
    public static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int consumed) != OperationStatus.Done || rune.Value == 0xFFFE)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_normalized);
        CryptographicOperations.ZeroMemory(_asSent);
    }
}
