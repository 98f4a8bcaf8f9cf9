using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Passwords;

/// <summary>
/// The bytes of a password that are hashed: UTF-8 of its NFC form, and also of the text as sent if that differs (hashes made elsewhere do not use NFC). Zeroed
/// when disposed of.
/// </summary>
internal sealed class PasswordBytes : IDisposable
{
    /// <summary>Longest password in UTF-8 bytes, in either form. A megabyte must not be hashed (CVE-2013-1443).</summary>
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

    /// <summary>False for text that is never hashed: too long, or not <see cref="IsUnicode"/>.</summary>
    public bool IsHashable { get; }

    public ReadOnlySpan<byte> Normalized => _normalized;

    /// <summary>The text as it was sent, in any form.</summary>
    public ReadOnlySpan<byte> AsSent => _asSent ?? _normalized;

    /// <summary>How many forms a comparison must try: 1, or 2 if the text as sent is not in NFC.</summary>
    public int Forms => _asSent is null ? 1 : 2;

    /// <summary>The NFC form first, then the text as sent.</summary>
    public ReadOnlySpan<byte> Form(int index) => index == 0 ? _normalized : _asSent;

    public static PasswordBytes Of(string password)
    {
        // Every UTF-16 unit takes at least one byte of UTF-8. So the length alone refuses long text before it is read.
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

    /// <summary>Whether every surrogate is part of a pair and there is no U+FFFE (a byte order mark in the wrong order). Normalising throws on both.</summary>
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
