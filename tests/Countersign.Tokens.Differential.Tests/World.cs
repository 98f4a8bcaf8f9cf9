using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>One key, one policy, one instant, and the three that judge tokens by them.</summary>
internal sealed class World : IDisposable
{
    public const string Issuer = "https://auth.example";
    public const string Audience = "https://api.example";

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public World(SignatureAlgorithm algorithm)
    {
        Key = SigningKey.Create(algorithm);
        OtherKey = SigningKey.Create(algorithm);
        Policy = TokenPolicy.Strict(new KeyRing(new KeySet(Key, [])), Issuer, Audience);
        Time = new FakeTimeProvider(Now);
        // One validator remembers, and judges every token twice: the second judgement must be the first.
        Validator = new TokenValidator(Policy, Time, revocations: null, new VerifiedTokenCache());
        Peers = [new IdentityModelPeer(this), new JoseJwtPeer(this)];
    }

    public SigningKey Key { get; }

    /// <summary>A key of the same kind that nobody here knows.</summary>
    public SigningKey OtherKey { get; }

    public TokenPolicy Policy { get; }

    public FakeTimeProvider Time { get; }

    public TokenValidator Validator { get; }

    public IReadOnlyList<IPeer> Peers { get; }

    public static long NowSeconds => Now.ToUnixTimeSeconds();

    /// <summary>What our side says: null is yes.</summary>
    public TokenError? Judge(string token)
    {
        var accepted = Validator.TryValidate(token, out var claims, out var error);
        var again = Validator.TryValidate(token, out var claimsAgain, out var errorAgain);
        var bytes = Validator.TryValidate(Encoding.UTF8.GetBytes(token), out _, out var errorOfBytes);
        Assert.True(
            accepted == again && error == errorAgain && accepted == (claims is not null) && again == (claimsAgain is not null),
            $"two judgements: {error}, {errorAgain}");
        // Other letters than ASCII have more bytes than characters, so that only the length can be judged otherwise.
        Assert.True(accepted == bytes && (error == errorOfBytes || errorOfBytes == TokenError.TooLong), $"text and bytes: {error}, {errorOfBytes}");
        return error;
    }

    public byte[] Sign(byte[] input) => Sign(Key, input);

    public static byte[] Sign(SigningKey key, byte[] input)
    {
        var signature = new byte[key.SignatureBytes];
        key.Sign(input, signature);
        return signature;
    }

    public ECDsa OpenEcdsa() => Open(ECDsa.Create());

    public RSA OpenRsa() => Open(RSA.Create());

    public void Dispose()
    {
        Key.Dispose();
        OtherKey.Dispose();
    }

    private TKey Open<TKey>(TKey key)
        where TKey : AsymmetricAlgorithm
    {
        key.ImportPkcs8PrivateKey(Key.ExportPrivateKey(), out _);
        return key;
    }
}
