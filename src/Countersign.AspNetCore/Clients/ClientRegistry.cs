using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Countersign.AspNetCore.Clients;

/// <summary>The confidential clients for requests. Made once from the options; it never changes.</summary>
internal sealed class ClientRegistry
{
    /// <summary>The entry that an unknown client is compared with. No secret has these digests.</summary>
    private static readonly Entry Nobody = new(Client.Confidential(string.Empty, []), Unmatchable(), Unmatchable());

    private readonly FrozenDictionary<string, Entry> _entries;

    /// <param name="options">The options, already validated.</param>
    public ClientRegistry(ClientOptions options) =>
        _entries = options.Clients.ToFrozenDictionary(static client => client.Id!, static client => Entry.Of(client), StringComparer.Ordinal);

    /// <summary>Finds the client with this id and this secret.</summary>
    /// <param name="id">The id that the client claims.</param>
    /// <param name="secret">The bytes of the secret that it sent.</param>
    /// <returns>Null for an unknown id and for a wrong secret.</returns>
    /// <remarks>
    /// Both cases cost the same: one hash, and two comparisons of whole digests in fixed time. Only the time of the look-up by id differs, and ids are not
    /// secret.
    /// </remarks>
    public Client? Find(string id, ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[ClientSecret.HashBytes];
        SHA256.HashData(secret, hash);
        var entry = _entries.GetValueOrDefault(id, Nobody);
        var isGenuine = CryptographicOperations.FixedTimeEquals(hash, entry.SecretHash)
            | CryptographicOperations.FixedTimeEquals(hash, entry.PreviousSecretHash);
        return isGenuine && !ReferenceEquals(entry, Nobody) ? entry.Client : null;
    }

    public bool Has(string id) => _entries.ContainsKey(id);

    private static byte[] Unmatchable() => RandomNumberGenerator.GetBytes(ClientSecret.HashBytes);

    private sealed class Entry(Client client, byte[] secretHash, byte[] previousSecretHash)
    {
        public Client Client { get; } = client;

        public byte[] SecretHash { get; } = secretHash;

        public byte[] PreviousSecretHash { get; } = previousSecretHash;

        public static Entry Of(CountersignClientOptions options) => new(
            Client.Confidential(options.Id!, options.Audiences),
            Convert.FromHexString(options.SecretHash!),
            options.PreviousSecretHash is { } previous ? Convert.FromHexString(previous) : Unmatchable());
    }
}
