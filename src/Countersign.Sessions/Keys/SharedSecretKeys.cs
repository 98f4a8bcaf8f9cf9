using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The refresh keys with a shared secret. They are derived from the secret, so that the secret is the only configuration.</summary>
internal sealed class SharedSecretKeys(string secret, string? previousSecret, RefreshKeyRing refreshKeys) : IKeySource
{
    /// <summary>Different labels make different values from one secret (RFC 5869 §3.2).</summary>
    private static readonly byte[] KeyLabel = "countersign refresh key v1"u8.ToArray();

    private static readonly byte[] KeyIdLabel = "countersign refresh key id v1"u8.ToArray();

    private bool _isLoaded;

    /// <inheritdoc />
    public string? Fault => _isLoaded ? null : IKeySource.NotLoaded;

    /// <inheritdoc />
    public Task LoadAsync(CancellationToken cancellationToken)
    {
        var current = Derive(secret);
        refreshKeys.Replace(current, previousSecret is null ? [current] : [current, Derive(previousSecret)], []);
        _isLoaded = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    /// <remarks>Always false, because the secret is not in the table.</remarks>
    public bool IsBehind(long version) => false;

    /// <inheritdoc />
    public Task CatchUpAsync(long version, long sentTimestamp, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task WaitUntilCurrentAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static SigningKey Derive(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, SHA256.HashSizeInBytes, info: KeyLabel);
        var keyId = Base64Url.EncodeToString(HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, 16, info: KeyIdLabel));
        var derived = SigningKey.FromSecret(key, SignatureAlgorithm.HS256, keyId);
        CryptographicOperations.ZeroMemory(bytes);
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }
}
