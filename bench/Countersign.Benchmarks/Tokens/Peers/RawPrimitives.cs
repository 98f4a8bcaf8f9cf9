using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Benchmarks.Tokens.Peers;

/// <summary>Only the base library's signature over the token's signing input: the floor.</summary>
internal static class RawPrimitives
{
    public const string OneShot = "raw one-shot";
    public const string Reused = "raw reused";

    public static IEnumerable<TokenPeer> Create(SampleToken sample)
    {
        int end = sample.Compact.LastIndexOf('.');
        byte[] input = Encoding.ASCII.GetBytes(sample.Compact[..end]);
        byte[] signature = new byte[sample.Key.SignatureBytes];
        sample.Key.Sign(input, signature);
        return sample.Key.Algorithm.Name[..2] switch
        {
            "HS" => CreateHmac(sample.Key.ExportPrivateKey(), input, new byte[signature.Length]),
            "ES" => [CreateEcdsa(sample.OpenEcdsa(), input, signature)],
            "PS" => [CreateRsa(sample.OpenRsa(), RSASignaturePadding.Pss, input, signature)],
            _ => [CreateRsa(sample.OpenRsa(), RSASignaturePadding.Pkcs1, input, signature)],
        };
    }

    /// <summary>The hash alone: the comparison is not a part of the primitive.</summary>
    private static IEnumerable<TokenPeer> CreateHmac(byte[] secret, byte[] input, byte[] destination)
    {
        yield return new TokenPeer(
            OneShot,
            () => HMACSHA256.HashData(secret, input, destination),
            _ => HMACSHA256.HashData(secret, input, destination) > 0);
        var reused = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        yield return new TokenPeer(Reused, Hash, _ => Hash() > 0);

        int Hash()
        {
            reused.AppendData(input);
            return reused.GetHashAndReset(destination);
        }
    }

    private static TokenPeer CreateEcdsa(ECDsa key, byte[] input, byte[] signature)
    {
        byte[] destination = new byte[signature.Length];
        return new TokenPeer(
            OneShot,
            () =>
                key.TrySignData(input, destination, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written)
                    ? written
                    : 0,
            _ => key.VerifyData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private static TokenPeer CreateRsa(RSA key, RSASignaturePadding padding, byte[] input, byte[] signature)
    {
        byte[] destination = new byte[signature.Length];
        return new TokenPeer(
            OneShot,
            () => key.TrySignData(input, destination, HashAlgorithmName.SHA256, padding, out int written) ? written : 0,
            _ => key.VerifyData(input, signature, HashAlgorithmName.SHA256, padding));
    }
}
