using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>An elliptic curve of RFC 7518 §6.2.1.1.</summary>
internal sealed class NamedCurve
{
    private readonly byte[] _order;

    private NamedCurve(string name, string oid, ECCurve curve, string order)
    {
        Name = name;
        Oid = oid;
        Curve = curve;
        _order = Convert.FromHexString(order);
    }

    // The orders n are those of FIPS 186-4 appendix D.1.2. On each of these curves n has as many bytes as a coordinate.

    public static NamedCurve P256 { get; } = new(
        "P-256", "1.2.840.10045.3.1.7", ECCurve.NamedCurves.nistP256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    public static NamedCurve P384 { get; } = new(
        "P-384",
        "1.3.132.0.34",
        ECCurve.NamedCurves.nistP384,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973");

    public static NamedCurve P521 { get; } = new(
        "P-521",
        "1.3.132.0.35",
        ECCurve.NamedCurves.nistP521,
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409");

    /// <summary>The value of <c>crv</c>.</summary>
    public string Name { get; }

    /// <summary>The object identifier (RFC 5480 §2.1.1.1).</summary>
    public string Oid { get; }

    public ECCurve Curve { get; }

    /// <summary>The exact length of x and y in bytes. A JWK with other lengths is refused (RFC 7518 §6.2.1.2).</summary>
    public int CoordinateBytes => _order.Length;

    /// <summary>Whether both halves of a signature, r and s, are between 1 and n - 1 (FIPS 186-4 §6.4.2).</summary>
    public bool AreInRange(ReadOnlySpan<byte> signature) =>
        IsInRange(signature[..CoordinateBytes]) && IsInRange(signature[CoordinateBytes..]);

    /// <summary>Whether the parameters name this curve. Explicit parameters are not accepted, even if they describe it.</summary>
    public bool Is(in ECParameters parameters) =>
        parameters.Curve.IsNamed && string.Equals(parameters.Curve.Oid.Value, Oid, StringComparison.Ordinal);

    private bool IsInRange(ReadOnlySpan<byte> number) => number.ContainsAnyExcept((byte)0) && number.SequenceCompareTo(_order) < 0;
}
