using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>The rows of <see cref="HostileTokens"/> whose signature is what is wrong.</summary>
internal static class HostileSignatures
{
    public static IEnumerable<HostileToken> For(Forge forge)
    {
        var good = forge.Token();
        var input = good[..good.LastIndexOf('.')];
        var signature = Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(good[(input.Length + 1)..]));
        var length = signature.Length;
        HostileToken Bad(string name, byte[] bytes) => new("J-20", name, $"{input}.{Base64Url.EncodeToString(bytes)}", TokenError.BadSignature);
        yield return Bad("one byte", signature[..1]);
        yield return Bad("half", signature[..(length / 2)]);
        yield return Bad("cut by one", signature[..^1]);
        yield return Bad("longer by one", [.. signature, 0]);
        yield return Bad("leading zero", [0, .. signature]);
        yield return Bad("zeroes", new byte[length]);
        yield return Bad("ones", [.. Enumerable.Repeat((byte)0xFF, length)]);
        yield return Bad("twice", [.. signature, .. signature]);
        yield return Bad("of another input", Convert.FromHexString(string.Concat(Enumerable.Repeat("5a", length))));
        var other = forge.Token(claims: Forge.Claims(("sub", "\"43\"")));
        yield return new("J-20", "payload exchanged", $"{good.Split('.')[0]}.{other.Split('.')[1]}.{good.Split('.')[2]}", TokenError.BadSignature);
        var family = forge.Key.Algorithm.Family;
        var rows = family == SignatureFamily.Ecdsa ? Ecdsa(forge.Key, signature) : forge.Key.Algorithm.IsRsa ? Rsa(forge.Key, input, signature) : [];
        foreach (var (name, bytes) in rows)
        {
            yield return Bad(name, bytes);
        }
    }

    /// <summary>The order of the key's curve, from the base library and not from the product's own table.</summary>
    public static byte[] OrderOf(SigningKey key)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
        return ecdsa.ExportExplicitParameters(includePrivateParameters: false).Curve.Order!;
    }

    private static IEnumerable<(string Name, byte[] Signature)> Ecdsa(SigningKey key, byte[] signature)
    {
        var half = signature.Length / 2;
        byte[] r = signature[..half], s = signature[half..], zero = new byte[half], one = [.. new byte[half - 1], 1], order = OrderOf(key);
        byte[] beforeOrder = [.. order[..^1], (byte)(order[^1] - 1)];
        yield return ("r zero", [.. zero, .. s]);
        yield return ("s zero", [.. r, .. zero]);
        yield return ("r order", [.. order, .. s]);
        yield return ("s order", [.. r, .. order]);
        yield return ("r and s order", [.. order, .. order]);
        yield return ("r and s one", [.. one, .. one]);
        yield return ("r and s order less one", [.. beforeOrder, .. beforeOrder]);
        yield return ("s and r exchanged", [.. s, .. r]);
        yield return ("DER", [0x30, (byte)(signature.Length + 4), 0x02, (byte)half, .. r, 0x02, (byte)half, .. s]);
    }

    private static IEnumerable<(string Name, byte[] Signature)> Rsa(SigningKey key, string input, byte[] signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.ExportPrivateKey(), out _);
        var modulus = rsa.ExportParameters(includePrivateParameters: false).Modulus!;
        var data = Encoding.ASCII.GetBytes(input);
        var (own, foreign) = key.Algorithm.Family == SignatureFamily.RsaPss
            ? (RSASignaturePadding.Pss, RSASignaturePadding.Pkcs1) : (RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss);
        yield return ("of the other padding", rsa.SignData(data, key.Algorithm.Hash, foreign));
        yield return ("over another hash", rsa.SignData(data, HashAlgorithmName.SHA512, own));
        yield return ("over SHA-1", rsa.SignData(data, HashAlgorithmName.SHA1, own));
        yield return ("the modulus", modulus);
        yield return ("one", [.. new byte[modulus.Length - 1], 1]);
        // The same residue: a verifier that reduces before it compares takes it.
        var sum = new BigInteger(signature, isUnsigned: true, isBigEndian: true) + new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
        var bytes = sum.ToByteArray(isUnsigned: true, isBigEndian: true);
        yield return ("with the modulus added", [.. bytes]);
    }
}
