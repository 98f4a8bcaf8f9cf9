using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Tokens.Jose;

/// <summary>A thread's own buffer and writer for claims sets, so that issuing takes no memory but the token's.</summary>
internal sealed class PayloadBuffer : IDisposable
{
    /// <summary>Above this a buffer is not kept: one huge token would hold its memory for as long as the thread lives.</summary>
    private const int MaxKeptBytes = 32 * 1024;

    // Relaxed, since no token is ever embedded in HTML before it is base64url: "+" and letters outside ASCII stay themselves.
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

    /// <summary>Empties the buffer, which zeroes the claims in it, and keeps it for the thread's next token.</summary>
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
