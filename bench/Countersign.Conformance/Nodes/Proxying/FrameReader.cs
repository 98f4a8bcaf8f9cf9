using System.Buffers.Binary;

namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>Splits a stream into messages, however the network has split it (PostgreSQL's documentation, "Message Formats").</summary>
internal sealed class FrameReader
{
    private const int HeaderBytes = 5;

    /// <summary>PostgreSQL's own limit is 1 GB; messages of this suite are far smaller.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    private byte[] _rest = [];

    /// <summary>Adds received bytes, and returns the complete messages.</summary>
    /// <exception cref="InvalidDataException">The length is not possible for a message.</exception>
    public IReadOnlyList<Frame> Read(ReadOnlySpan<byte> came)
    {
        byte[] all = [.. _rest, .. came];
        var frames = new List<Frame>();
        int at = 0;
        while (all.Length - at >= HeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(at + 1));
            if (length is < 4 or > MostBytes)
            {
                throw new InvalidDataException($"A message of {length} bytes.");
            }

            if (all.Length - at < length + 1)
            {
                break;
            }

            frames.Add(new Frame((char)all[at], all.AsMemory(at, length + 1)));
            at += length + 1;
        }

        _rest = all[at..];
        return frames;
    }
}
