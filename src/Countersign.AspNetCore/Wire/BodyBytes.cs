using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Wire;

/// <summary>Reads a body up to a bound, whatever length it declares.</summary>
internal static class BodyBytes
{
    /// <summary>Longest body in bytes: twice the longest token (8 KiB), and room for two passwords of the longest kind (4,096 bytes).</summary>
    public const int Max = 16 * 1024;

    /// <summary>Reads to the end of the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="buffer">Where the bytes go; its length is the bound.</param>
    /// <returns>How many bytes there are in the buffer, and null or a refusal.</returns>
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
            // Kestrel's own exception is one of these; a chunk whose size overflows, and a connection that breaks, come as the bare one.
            return (length, exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? BodyProblems.BodyTooLarge : BodyProblems.BodyIncomplete);
        }
    }
}
