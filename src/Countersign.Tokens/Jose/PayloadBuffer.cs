using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Tokens.Jose;

/// <summary>A buffer and writer for claims sets, one for each thread. So issuing allocates only the token.</summary>
internal sealed class PayloadBuffer : IDisposable
{
    /// <summary>A larger buffer is not kept: otherwise one huge token would occupy memory until the thread ends.</summary>
    private const int MaxKeptBytes = 32 * 1024;

    // Relaxed: a token is never embedded in HTML before it is encoded as base64url, so "+" and letters outside ASCII need no escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false };

    [ThreadStatic]
    private static PayloadBuffer? _idle;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _writer;

    private PayloadBuffer() => _writer = new Utf8JsonWriter(_bytes, Options);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public static PayloadBuffer Rent()
    {
        var buffer = _idle ?? new PayloadBuffer();
        _idle = null;
        return buffer;
    }

    public void Write(TokenPolicy policy, TokenDescriptor description)
    {
        ClaimsWriter.Write(_writer, policy, description);
        _writer.Flush();
    }

    public void Write(IEnumerable<KeyValuePair<string, ClaimValue>> claims)
    {
        ClaimsWriter.Write(_writer, claims);
        _writer.Flush();
    }

    /// <summary>Zeroes and empties the buffer, and keeps it for the thread's next token.</summary>
    public void Return()
    {
        _bytes.Clear();
        _writer.Reset(_bytes);
        if (_bytes.Capacity > MaxKeptBytes)
        {
            Dispose();
            return;
        }

        _idle = this;
    }

    public void Dispose() => _writer.Dispose();
}
