using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Wire;

/// <summary>Reads a body up to a bound, whatever length the request declares.</summary>
internal static class BodyBytes
{
    /// <summary>The longest body in bytes: twice the longest token (8 KiB), which leaves room for two of the longest passwords (4,096 bytes).</summary>
    public const int Max = 16 * 1024;

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
