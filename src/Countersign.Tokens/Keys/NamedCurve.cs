using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>An elliptic curve of RFC 7518 §6.2.1.1.</summary>
internal sealed class NamedCurve
{
    private NamedCurve(string name, string oid, ECCurve curve, int coordinateBytes)
    {
        Name = name;
        Oid = oid;
        Curve = curve;
        CoordinateBytes = coordinateBytes;
    }

    public static NamedCurve P256 { get; } = new("P-256", "1.2.840.10045.3.1.7", ECCurve.NamedCurves.nistP256, coordinateBytes: 32);

    /// <summary>The value of <c>crv</c>.</summary>
    public string Name { get; }

    /// <summary>Object identifier (RFC 5480 §2.1.1.1).</summary>
    public string Oid { get; }

    public ECCurve Curve { get; }

    /// <summary>Exact length of x and y in bytes; a JWK with shorter or longer ones is refused (RFC 7518 §6.2.1.2).</summary>
    public int CoordinateBytes { get; }

    /// <summary>Whether the parameters name this very curve. Explicit parameters are never taken for a named curve, even if they describe it.</summary>
    public bool Is(in ECParameters parameters) =>
        parameters.Curve.IsNamed && string.Equals(parameters.Curve.Oid.Value, Oid, StringComparison.Ordinal);
}
