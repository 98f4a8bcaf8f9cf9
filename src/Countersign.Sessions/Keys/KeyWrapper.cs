using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>Encrypts keys for the table and decrypts them: AES-256-GCM under the master key, bound to all other fields of the row.</summary>
internal sealed class KeyWrapper(MasterKey master, MasterKey? previous) : IDisposable
{
    /// <summary>
    /// The table name to which encrypted keys are bound. It is part of the encryption, so it never changes, even if the table gets another name.
    /// </summary>
    private const string Table = "countersign_keys";

    /// <summary>Makes a wrapper from validated options.</summary>
    public static KeyWrapper From(KeyOptions options)
    {
        if (!MasterKey.TryParse(options.MasterKey, out var master, out var fault))
        {
            throw new InvalidOperationException(fault);
        }

        MasterKey? previous = null;
        if (options.PreviousMasterKey is { } text && !MasterKey.TryParse(text, out previous, out fault))
        {
            throw new InvalidOperationException(fault);
        }

        return new KeyWrapper(master, previous);
    }

    /// <summary>Makes a key for the table. Afterwards this process keeps only the encrypted key.</summary>
    public StoredKey Create(SignatureAlgorithm algorithm, KeyUse use, KeyState state, DateTimeOffset now)
    {
        using var key = SigningKey.Create(algorithm);
        return Encrypt(key, use, state, now);
    }

    public StoredKey Encrypt(SigningKey key, KeyUse use, KeyState state, DateTimeOffset now)
    {
        ReadOnlyMemory<byte>? publicKey = key.Algorithm.IsSymmetric ? default(ReadOnlyMemory<byte>?) : key.ExportSubjectPublicKeyInfo();
        var privateKey = key.ExportPrivateKey();
        try
        {
            return new StoredKey
            {
                KeyId = key.KeyId!,
                Use = use,
                Algorithm = key.Algorithm.Name,
                State = state,
                PublicKey = publicKey,
                WrappedKey = master.Wrap(privateKey, KeyBinding.Write(Table, key.KeyId!, use, key.Algorithm.Name, publicKey)),
                CreatedAt = now,
                ActivatedAt = state == KeyState.Current ? now : null,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    /// <returns>Null if the row was encrypted under another master key, was changed, or has no key of its algorithm.</returns>
    public SigningKey? TryOpen(StoredKey row)
    {
        if (SignatureAlgorithm.Find(row.Algorithm) is not { } algorithm)
        {
            return null;
        }

        if (Unwrap(row, out var privateKey) == KeyEncryption.Unreadable)
        {
            return null;
        }

        try
        {
            return algorithm.IsSymmetric
                ? SigningKey.FromSecret(privateKey!, algorithm, row.KeyId)
                : SigningKey.FromPkcs8(privateKey, algorithm, row.KeyId);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    /// <summary>Finds out under which master key a row is encrypted.</summary>
    public KeyEncryption FindEncryption(StoredKey row)
    {
        var encryption = Unwrap(row, out var privateKey);
        CryptographicOperations.ZeroMemory(privateKey);
        return encryption;
    }

    /// <summary>Encrypts a row again under the master key.</summary>
    /// <returns>Null if the row is not under the previous master key.</returns>
    public StoredKey? TryReencrypt(StoredKey row)
    {
        var encryption = Unwrap(row, out var privateKey);
        try
        {
            return encryption == KeyEncryption.PreviousMasterKey ? row.Under(master.Wrap(privateKey, Bind(row))) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public void Dispose()
    {
        master.Dispose();
        previous?.Dispose();
    }

    private static byte[] Bind(StoredKey row) => KeyBinding.Write(Table, row.KeyId, row.Use, row.Algorithm, row.PublicKey);

    private KeyEncryption Unwrap(StoredKey row, out byte[]? privateKey)
    {
        var binding = Bind(row);
        if (master.TryUnwrap(row.WrappedKey.Span, binding, out privateKey))
        {
            return KeyEncryption.MasterKey;
        }

        return previous?.TryUnwrap(row.WrappedKey.Span, binding, out privateKey) is true ? KeyEncryption.PreviousMasterKey : KeyEncryption.Unreadable;
    }
}
