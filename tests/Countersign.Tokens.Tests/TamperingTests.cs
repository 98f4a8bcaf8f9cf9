using System.Buffers.Text;
using System.Numerics;
using System.Text;
using CsCheck;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

public sealed class TamperingTests
{
    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    [InlineData("SharedSecret")]
    public void TryValidate_AnyBitFlipped_IsRefused(string kind)
    {
        using var forge = kind == "SharedSecret" ? Forge.OfSharedSecret() : new Forge(SignatureAlgorithm.Find(kind)!);
        var validator = forge.Validator;
        var token = Encoding.ASCII.GetBytes(forge.TokenIssuer.CreateAccessToken("42").Value);
        Assert.True(validator.TryValidate(token, out _, out _));

        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            token[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(validator.TryValidate(token, out var claims, out var error), $"bit {bit} of {token.Length * 8}");
            Assert.Null(claims);
            Assert.NotNull(error);
            token[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void TryValidate_AnyBitOfTheDecodedSignatureFlipped_IsRefused(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var (input, signature) = Split(forge.Token());

        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(TokenError.BadSignature, forge.Problem($"{input}.{Base64Url.EncodeToString(signature)}"));
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(TestKeys.Families), MemberType = typeof(TestKeys))]
    public void TryValidate_AnyPrefix_IsRefused(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var token = forge.Token();

        for (var length = 0; length < token.Length; length++)
        {
            Assert.NotNull(forge.Problem(token[..length]));
        }
    }

    /// <summary>M-09: known and harmless, so long as nothing is keyed on the text of a token.</summary>
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void TryValidate_TwinOfAnEcdsaSignature_IsTheOneKnownException(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var (input, signature) = Split(forge.Token());
        var half = signature.Length / 2;
        var s = new BigInteger(signature.AsSpan(half), isUnsigned: true, isBigEndian: true);
        var order = new BigInteger(HostileSignatures.OrderOf(forge.Key), isUnsigned: true, isBigEndian: true);
        var twin = (order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] padded = [.. signature[..half], .. new byte[half - twin.Length], .. twin];

        Assert.Null(forge.Problem($"{input}.{Base64Url.EncodeToString(padded)}"));
    }

    [Fact]
    public void TryValidate_AnyText_NeitherThrowsNorPasses()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var validator = forge.Validator;

        Gen.String[0, 400].Sample(text => !validator.TryValidate(text, out _, out _) && validator.Decode(text) is null, iter: 20_000);
    }

    [Fact]
    public void TryValidate_AnyBytes_NeitherThrowsNorPasses()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var validator = forge.Validator;

        Gen.Byte.Array[0, 400].Sample(bytes => !validator.TryValidate(bytes, out _, out _), iter: 20_000);
    }

    /// <summary>Genuinely signed, so that every byte of header and claims reaches the readers.</summary>
    [Fact]
    public void TryValidate_SignedMutationOfHeaderAndClaims_NeverThrows()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var header = Encoding.UTF8.GetBytes(forge.Header());
        var claims = Encoding.UTF8.GetBytes(Forge.Claims(
            ("sid", "\"01890a5d-ac96-774b-bcce-b302099a8057\""), ("roles", "[\"a\",\"\\ud83d\\ude00\"]"), ("x", "{\"\\u0061\":[1e2,null]}")));
        Assert.Null(forge.Problem(forge.Token(header, claims)));
        var marks = "\"\\{}[],:ud8c09e-. \n\0/*"u8.ToArray();
        var interesting = Gen.OneOf(Gen.Byte, Gen.Int[0, marks.Length - 1].Select(i => marks[i]));
        var edits = Gen.Select(Gen.Int[0, int.MaxValue], interesting, Gen.Int[0, 2]).Array[1, 4];

        Gen.Select(edits, Gen.Bool).Sample(
            (changes, inHeader) =>
            {
                var token = inHeader ? forge.Token(Edit(header, changes), claims) : forge.Token(header, Edit(claims, changes));
                var accepted = forge.Validator.TryValidate(token, out var read, out var error);
                return accepted == read is not null && accepted != error is not null && (!accepted || !read!.TryGetElement("missing", out _));
            },
            iter: 50_000);
    }

    [Theory]
    [MemberData(nameof(TestKeys.Families), MemberType = typeof(TestKeys))]
    public void TryValidate_ManyThreadsOneKey_AllAgree(string algorithm)
    {
        using var forge = new Forge(SignatureAlgorithm.Find(algorithm)!);
        var validator = forge.Validator;
        var issuer = forge.TokenIssuer;

        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            var token = issuer.CreateAccessToken($"user-{i}").Value;
            Assert.True(validator.TryValidate(token, out var claims, out _));
            Assert.Equal($"user-{i}", claims.Subject);
            Assert.False(validator.TryValidate(token[..^8] + "AAAAAAAA", out _, out _));
        });
    }

    private static (string Input, byte[] Signature) Split(string token)
    {
        var dot = token.LastIndexOf('.');
        return (token[..dot], Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(token[(dot + 1)..])));
    }

    private static byte[] Edit(byte[] original, (int At, byte Value, int Kind)[] changes)
    {
        var edited = original.ToList();
        foreach (var (at, value, kind) in changes)
        {
            var index = at % edited.Count;
            switch (kind)
            {
                case 0:
                    edited[index] = value;
                    break;
                case 1:
                    edited.Insert(index, value);
                    break;
                default:
                    edited.RemoveAt(index);
                    break;
            }
        }

        return [.. edited];
    }
}
