using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Kernel;

public sealed class BcryptLanesTests
{
    private const int Rounds = 16;

    private readonly BcryptRequest[] _requests =
        [.. Enumerable.Range(0, 4).Select(number => new BcryptRequest([(byte)('a' + number)], new byte[Bcrypt.SaltBytes], Rounds, HashPurpose.New))];

    [Fact]
    public void Memory_NewLanes_IsZero()
    {
        using var lanes = new BcryptLanes(4);

        Assert.Equal(4 * LaneLayout.Stride, lanes.Memory.Length);
        AssertZero(lanes.Memory);
    }

    [Fact]
    public void Finish_LastLane_LeavesZeroes()
    {
        using var lanes = new BcryptLanes(4);
        foreach (var request in _requests)
        {
            lanes.Begin(request);
        }

        // All but the lanes' padding is in use.
        for (int lane = 0; lane < 4; lane++)
        {
            Assert.InRange(Lane(lanes, lane).Count((byte)0), 1, 200);
        }

        lanes.Advance(Rounds);
        for (int ended = 1; ended <= 4; ended++)
        {
            lanes.Finish(0);
            AssertZero(lanes.Memory[((4 - ended) * LaneLayout.Stride)..]);
            Assert.Equal(ended == 4, lanes.Memory.IndexOfAnyExcept((byte)0) < 0);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Drop_AnyLane_ZeroesItAndTheOthersGoOn(int dropped)
    {
        string[] expected = [.. _requests.Select(Alone)];
        using var lanes = new BcryptLanes(4);
        List<BcryptRequest> running = [.. _requests];
        running.ForEach(lanes.Begin);
        lanes.Advance(5);

        lanes.Drop(dropped);

        running[dropped] = running[^1];
        running.RemoveAt(3);
        AssertZero(Lane(lanes, 3));
        lanes.Advance(Rounds - 5);
        for (int lane = 2; lane >= 0; lane--)
        {
            lanes.Finish(lane);
        }

        AssertZero(lanes.Memory);
        foreach (var request in running)
        {
            Assert.Equal(expected[Array.IndexOf(_requests, request)], BcryptBase64.Encode(request.Digest));
        }

        AssertZero(_requests[dropped].Digest);
    }

    [Fact]
    public void Drop_AllInTheMiddle_LeavesZeroes()
    {
        using var lanes = new BcryptLanes(3);
        for (int lane = 0; lane < 3; lane++)
        {
            lanes.Begin(_requests[lane]);
        }

        lanes.Advance(3);
        lanes.Drop(1);
        lanes.Drop(1);
        lanes.Drop(0);

        Assert.Equal(0, lanes.Active);
        AssertZero(lanes.Memory);
    }

    [Fact]
    public void Advance_AnyChunks_SameDigest()
    {
        string expected = Alone(_requests[0]);
        using var lanes = new BcryptLanes(1);
        lanes.Begin(_requests[0]);
        foreach (int rounds in (int[])[1, 2, 3, 4, 6])
        {
            lanes.Advance(rounds);
        }

        lanes.Finish(0);
        Assert.Equal(expected, BcryptBase64.Encode(_requests[0].Digest));
    }

    [Fact]
    public void Advance_NoLane_DoesNothing()
    {
        using var lanes = new BcryptLanes(2);
        lanes.Advance(10);
        AssertZero(lanes.Memory);
    }

    [Fact]
    public void Members_UsedAgainstTheirOrder_Throw()
    {
        using var lanes = new BcryptLanes(1);
        lanes.Begin(_requests[0]);

        Assert.Throws<InvalidOperationException>(() => lanes.Begin(_requests[1]));
        Assert.Throws<InvalidOperationException>(() => lanes.Finish(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Advance(Rounds + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Drop(1));
        lanes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lanes.Advance(1));
        Assert.Throws<ObjectDisposedException>(() => lanes.Begin(_requests[1]));
        Assert.Throws<ObjectDisposedException>(() => lanes.Drop(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BcryptLanes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BcryptLanes(5));
    }

    [Fact]
    public void Dispose_Request_ZeroesPasswordAndDigest()
    {
        var request = _requests[0];
        request.Digest.AsSpan().Fill(1);
        Assert.Equal((byte)'a', request.Password[0]);

        request.Dispose();

        AssertZero(request.Password);
        AssertZero(request.Digest);
    }

    private static string Alone(BcryptRequest request)
    {
        using var lanes = new BcryptLanes(1);
        lanes.Begin(request);
        lanes.Advance(request.Rounds);
        lanes.Finish(0);
        string digest = BcryptBase64.Encode(request.Digest);
        request.Digest.AsSpan().Clear();
        return digest;
    }

    private static Span<byte> Lane(BcryptLanes lanes, int lane) => lanes.Memory.Slice(lane * LaneLayout.Stride, LaneLayout.Stride);

    private static void AssertZero(ReadOnlySpan<byte> memory) => Assert.Equal(-1, memory.IndexOfAnyExcept((byte)0));
}
