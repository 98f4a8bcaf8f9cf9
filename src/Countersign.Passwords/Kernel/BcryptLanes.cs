using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Countersign.Passwords.Kernel;

/// <summary>
/// Computes up to four bcrypt digests at once (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999, as in OpenBSD's <c>$2b$</c>). Each bcrypt round
/// waits for its last table look-up. So one core can compute several digests in little more than the time of one. The lanes are in one block of native memory,
/// which the garbage collector never moves or copies. A finished lane is zeroed.
/// </summary>
internal sealed unsafe class BcryptLanes : IBcryptLanes
{
    public const int MaxWidth = 4;

    /// <summary>How often the text is enciphered.</summary>
    private const int Encipherments = 64;

    private readonly bool _extractsBytes;
    private readonly BcryptRequest[] _requests;
    private readonly long[] _roundsLeft;
    private byte* _block;

    public BcryptLanes(int width)
        : this(width, Bmi1.IsSupported)
    {
    }

    /// <summary>For tests, which need both ways of selecting bytes.</summary>
    internal BcryptLanes(int width, bool extractsBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxWidth);
        Width = width;
        _extractsBytes = extractsBytes;
        _requests = new BcryptRequest[width];
        _roundsLeft = new long[width];
        _block = (byte*)NativeMemory.AlignedAlloc((nuint)(width * LaneLayout.Stride), LaneLayout.Alignment);
        CryptographicOperations.ZeroMemory(Memory);
    }

    public int Width { get; }

    public int Active { get; private set; }

    /// <summary>The memory of all lanes.</summary>
    internal Span<byte> Memory => new(_block, Width * LaneLayout.Stride);

    /// <summary>"OrpheanBeholderScryDoubt" in big-endian words.</summary>
    private static ReadOnlySpan<uint> Text => [0x4F727068, 0x65616E42, 0x65686F6C, 0x64657253, 0x63727944, 0x6F756274];

    public long RoundsLeft(int lane) => _roundsLeft[lane];

    public void Begin(BcryptRequest request)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        if (Active == Width)
        {
            throw new InvalidOperationException("Every lane is taken.");
        }

        byte* lane = Lane(Active);
        var words = new Span<uint>(lane, LaneLayout.Stride / sizeof(uint));
        PiDigits.Words[..LaneLayout.SubkeyCount].CopyTo(words[(LaneLayout.Subkeys / sizeof(uint))..]);
        PiDigits.Words[LaneLayout.SubkeyCount..].CopyTo(words);
        FillSchedule(words.Slice(LaneLayout.KeySchedule / sizeof(uint), LaneLayout.SubkeyCount), request.Password, terminated: true);
        FillSchedule(words.Slice(LaneLayout.SaltSchedule / sizeof(uint), LaneLayout.SubkeyCount), request.Salt, terminated: false);
        if (_extractsBytes)
        {
            OneLane<ByteSelectionByExtract>.ExpandWithSalt(lane);
        }
        else
        {
            OneLane<ByteSelectionByShift>.ExpandWithSalt(lane);
        }

        _requests[Active] = request;
        _roundsLeft[Active] = request.Rounds;
        Active++;
    }

    public void Advance(long rounds)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        for (int lane = 0; lane < Active; lane++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, _roundsLeft[lane]);
        }

        if (_extractsBytes)
        {
            Advance<ByteSelectionByExtract>(rounds);
        }
        else
        {
            Advance<ByteSelectionByShift>(rounds);
        }

        for (int lane = 0; lane < Active; lane++)
        {
            _roundsLeft[lane] -= rounds;
        }
    }

    public void Finish(int lane)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, Active);
        if (_roundsLeft[lane] != 0)
        {
            throw new InvalidOperationException("The lane has rounds left.");
        }

        WriteDigest(Lane(lane), _requests[lane].Digest);
        Drop(lane);
    }

    public void Drop(int lane)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, Active);
        int last = --Active;
        if (lane != last)
        {
            // Moving 4 KiB is cheaper than kernels for every combination of lanes, or than a kernel that computes an empty lane.
            Span(last).CopyTo(Span(lane));
            _requests[lane] = _requests[last];
            _roundsLeft[lane] = _roundsLeft[last];
        }

        CryptographicOperations.ZeroMemory(Span(last));
        _requests[last] = null!;
    }

    public void Dispose()
    {
        if (_block is null)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(Memory);
        NativeMemory.AlignedFree(_block);
        _block = null;
        Active = 0;
    }

    /// <summary>The bytes, followed by a zero byte if they are a password, repeated.</summary>
    private static void FillSchedule(Span<uint> schedule, ReadOnlySpan<byte> bytes, bool terminated)
    {
        int period = bytes.Length + (terminated ? 1 : 0);
        int position = 0;
        for (int index = 0; index < schedule.Length; index++)
        {
            uint word = 0;
            for (int count = 0; count < sizeof(uint); count++)
            {
                word = (word << 8) | (position < bytes.Length ? bytes[position] : 0u);
                position = position + 1 == period ? 0 : position + 1;
            }

            schedule[index] = word;
        }
    }

    private void Advance<TBytes>(long rounds)
        where TBytes : struct, IByteSelection
    {
        delegate*<byte*, int, void> expand = Active switch
        {
            0 => null,
            1 => &OneLane<TBytes>.Expand,
            2 => &TwoLanes<TBytes>.Expand,
            3 => &ThreeLanes<TBytes>.Expand,
            _ => &FourLanes<TBytes>.Expand,
        };
        if (expand is null)
        {
            return;
        }

        for (; rounds > 0; rounds--)
        {
            expand(_block, LaneLayout.KeySchedule);
            expand(_block, LaneLayout.SaltSchedule);
        }
    }

    private void WriteDigest(byte* lane, Span<byte> digest)
    {
        Span<uint> words = stackalloc uint[Text.Length];
        Span<byte> bytes = stackalloc byte[Text.Length * sizeof(uint)];
        Text.CopyTo(words);
        fixed (uint* first = words)
        {
            for (uint* pair = first; pair < first + Text.Length; pair += 2)
            {
                if (_extractsBytes)
                {
                    OneLane<ByteSelectionByExtract>.Encrypt(lane, pair, Encipherments);
                }
                else
                {
                    OneLane<ByteSelectionByShift>.Encrypt(lane, pair, Encipherments);
                }
            }
        }

        for (int index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(index * sizeof(uint))..], words[index]);
        }

        bytes[..Bcrypt.DigestBytes].CopyTo(digest);
        CryptographicOperations.ZeroMemory(bytes);
        words.Clear();
    }

    private byte* Lane(int lane) => _block + (lane * LaneLayout.Stride);

    private Span<byte> Span(int lane) => new(Lane(lane), LaneLayout.Stride);
}
