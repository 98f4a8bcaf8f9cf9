using System.Buffers;
using System.Security.Cryptography;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Wire;

/// <summary>Makes a result of the bytes of a body, which it may change.</summary>
internal delegate TResult BodyParser<out TResult>(Span<byte> body, BodyForms form);

/// <summary>Reads a body up to a bound, whatever length the request declares.</summary>
internal static class BodyBytes
{
    /// <summary>The longest body in bytes: twice the longest token (8 KiB), which leaves room for two of the longest passwords (4,096 bytes).</summary>
    public const int Max = 16 * 1024;

    /// <summary>Reads a body, and parses it. The bytes are cleared afterwards.</summary>
    /// <param name="request">The request.</param>
    /// <param name="forms">The forms that the route accepts.</param>
    /// <param name="isOptional">Whether there may be no body at all.</param>
    /// <param name="parse">Makes the result of the bytes.</param>
    /// <param name="refuse">Makes the result of a problem.</param>
    public static async ValueTask<TResult> ParseAsync<TResult>(
        HttpRequest request, BodyForms forms, bool isOptional, BodyParser<TResult> parse, Func<Problem, TResult> refuse)
    {
        if (!MediaTypes.TryRead(request, out var form) || (form == BodyForms.None ? !isOptional : !forms.HasFlag(form)))
        {
            return refuse(BodyProblems.ContentTypeUnsupported);
        }

        if (request.ContentLength > Max)
        {
            return refuse(BodyProblems.BodyTooLarge);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Max);
        try
        {
            var (length, problem) = await ReadAsync(request, buffer.AsMemory(0, Max)).ConfigureAwait(false);
            return problem is null ? parse(buffer.AsSpan(0, length), form) : refuse(problem);
        }
        finally
        {
            // The whole buffer is cleared: if a client goes away in the middle of its password, the length is not known.
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, Max));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads to the end of the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="buffer">The buffer for the bytes; its length is the bound.</param>
    /// <returns>The number of bytes in the buffer, and a problem or null.</returns>
    public static async ValueTask<(int Length, Problem? Problem)> ReadAsync(HttpRequest request, Memory<byte> buffer)
    {
        var length = 0;
        try
        {
            while (length < buffer.Length)
            {
                var read = await request.Body.ReadAsync(buffer[length..], request.HttpContext.RequestAborted).ConfigureAwait(false);
                if (read == 0)
                {
                    return (length, null);
                }

                length += read;
            }

            var more = await request.Body.ReadAsync(new byte[1], request.HttpContext.RequestAborted).ConfigureAwait(false);
            return (length, more == 0 ? null : BodyProblems.BodyTooLarge);
        }
        catch (IOException exception)
        {
            // Kestrel's own exception is one of these. A chunk whose size overflows, and a connection that breaks, throw the base type.
            var isTooLarge = exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge };
            return (length, isTooLarge ? BodyProblems.BodyTooLarge : BodyProblems.BodyIncomplete);
        }
    }
}
