using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>
/// Keys for tests. Making RSA keys takes a tenth of a second and more, so that all tests share the material of a few, each as a key of its own.
/// </summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<int, byte[]> RsaMaterial = new();

    /// <summary>Names of every algorithm, for tables.</summary>
    public static TheoryData<string> AllAlgorithms => [.. SignatureAlgorithm.All.Select(algorithm => algorithm.Name)];

    /// <summary>One algorithm of each family, and the curve whose order does not fill its first byte.</summary>
    public static string[] FamilyNames { get; } = ["HS256", "RS256", "PS256", "ES256", "ES512"];

    /// <summary>The same, for tables.</summary>
    public static TheoryData<string> Families => [.. FamilyNames];

    /// <summary>A key, which the caller disposes of. RSA keys of one <paramref name="which"/> have the same material.</summary>
    public static SigningKey Make(SignatureAlgorithm algorithm, int which = 0) =>
        algorithm.IsRsa ? SigningKey.FromPkcs8(RsaPkcs8(which), algorithm) : SigningKey.Create(algorithm);

    public static SigningKey Make(string algorithm, int which = 0) => Make(SignatureAlgorithm.Find(algorithm)!, which);

    public static byte[] RsaPkcs8(int which = 0) => RsaMaterial.GetOrAdd(which, static _ =>
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKey();
    });
}
