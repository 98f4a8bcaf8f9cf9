using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>Makes keys for the table, wrapped: what it has made, this process knows no more of than any other.</summary>
internal sealed class KeyMaker(KeyWrapper wrapper, KeySettings settings)
{
    /// <summary>Makes a key.</summary>
    public StoredKey Make(KeyUse use, KeyState state, DateTimeOffset now)
    {
        using var key = SigningKey.Create(settings.AlgorithmOf(use));
        return wrapper.Encrypt(key, use, state, now);
    }
}
