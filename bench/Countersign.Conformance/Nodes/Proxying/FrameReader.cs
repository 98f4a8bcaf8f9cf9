using System.Buffers.Binary;

namespace Countersign.Conformance.Nodes.Proxying;

/// <summary>Cuts a stream into messages, wherever the network has cut it (PostgreSQL's documentation, "Message Formats").</summary>
internal sealed class FrameReader
{
    private const int HeaderBytes = 5;

    /// <summary>PostgreSQL's own bound is 1 GB; nothing of this suite comes near this.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    private byte[] _rest = [];

    /// <summary>Takes what came, and gives the messages that are whole.</summary>
    /// <exception cref="InvalidDataException">A length that no message has.</exception>
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
