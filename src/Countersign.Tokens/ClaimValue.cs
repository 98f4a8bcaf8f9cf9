using System.Runtime.InteropServices;
using System.Text.Json;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens;

/// <summary>
/// The value of an application's own claim: a string, an integer, a number, a Boolean, a <see cref="JsonElement"/>, or an array of these. No other types
/// are possible, so writing a token needs no reflection. The default value is unset, and writing it fails.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct ClaimValue
{
    private readonly Kind _kind;
    private readonly long _bits;
    private readonly object? _reference;

    private ClaimValue(Kind kind, long bits = 0, object? reference = null)
    {
        _kind = kind;
        _bits = bits;
        _reference = reference;
    }

    private enum Kind
    {
        Unset = 0,
        Text,
        Integer,
        Number,
        Truth,
        Json,
        Array,
    }

    /// <summary>Whether the value may break rules of the reader: it was built from JSON, or it is an array that holds arrays or JSON.</summary>
    internal bool MayBeUnreadable =>
        _kind == Kind.Json || (_kind == Kind.Array && System.Array.Exists((ClaimValue[])_reference!, value => value._kind is Kind.Json or Kind.Array));

    /// <summary>At least the length of the value in JSON without escapes, in characters.</summary>
    internal long MostCharacters => _kind switch
    {
        Kind.Text => ((string)_reference!).Length + 2L,
        Kind.Json => ((JsonElement)_reference!).GetRawText().Length,
        Kind.Array => ((ClaimValue[])_reference!).Sum(static value => value.MostCharacters + 1) + 2,

        // The longest number is a double, such as -1.7976931348623157E+308.
        _ => 32,
    };

    /// <summary>A JSON string.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate, which JSON cannot carry.</exception>
    public static implicit operator ClaimValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        WellFormedText.ThrowIfNot(value, nameof(value));
        return new ClaimValue(Kind.Text, reference: value);
    }

    /// <summary>A JSON number without fraction.</summary>
    public static implicit operator ClaimValue(long value) => new(Kind.Integer, value);

    /// <summary>A JSON number.</summary>
    /// <exception cref="ArgumentException">The number is not finite. JSON has no such numbers.</exception>
    public static implicit operator ClaimValue(double value) => double.IsFinite(value)
        ? new ClaimValue(Kind.Number, BitConverter.DoubleToInt64Bits(value))
        : throw new ArgumentException("JSON has finite numbers only.", nameof(value));

    /// <summary>JSON <c>true</c> or <c>false</c>.</summary>
    public static implicit operator ClaimValue(bool value) => new(Kind.Truth, value ? 1 : 0);

    /// <summary>Any JSON value. It is copied.</summary>
    /// <exception cref="ArgumentException">The element is undefined.</exception>
    public static implicit operator ClaimValue(JsonElement value) => value.ValueKind == JsonValueKind.Undefined
        ? throw new ArgumentException("The element is undefined.", nameof(value))
        : new ClaimValue(Kind.Json, reference: value.Clone());

    /// <summary>A JSON array of such values. The values are copied.</summary>
    /// <exception cref="ArgumentException">One of the values is unset.</exception>
    public static ClaimValue Array(params ReadOnlySpan<ClaimValue> values)
    {
        foreach (var value in values)
        {
            value.ThrowIfUnset(nameof(values));
        }

        return new ClaimValue(Kind.Array, reference: values.ToArray());
    }

    /// <summary>Returns the type's name, never the value.</summary>
    public override string ToString() => nameof(ClaimValue);

    internal void ThrowIfUnset(string parameter)
    {
        if (_kind == Kind.Unset)
        {
            throw new ArgumentException("A claim's value is unset.", parameter);
        }
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        switch (_kind)
        {
            case Kind.Text:
                writer.WriteStringValue((string)_reference!);
                break;
            case Kind.Integer:
                writer.WriteNumberValue(_bits);
                break;
            case Kind.Number:
                writer.WriteNumberValue(BitConverter.Int64BitsToDouble(_bits));
                break;
            case Kind.Truth:
                writer.WriteBooleanValue(_bits != 0);
                break;
            case Kind.Json:
                ((JsonElement)_reference!).WriteTo(writer);
                break;
            case Kind.Array:
                writer.WriteStartArray();
                foreach (var value in (ClaimValue[])_reference!)
                {
                    value.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException("A claim's value is unset.");
        }
    }
}
