using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Support;

/// <summary>The real lanes, with what a test puts before one of their steps.</summary>
internal class TestLanes(int width) : IBcryptLanes
{
    private readonly BcryptLanes _lanes = new(width);

    public int Width => _lanes.Width;

    public int Active => _lanes.Active;

    /// <summary>All that the lanes hold, to be read while the worker stands still.</summary>
    public ReadOnlySpan<byte> Memory => _lanes.Memory;

    public long RoundsLeft(int lane) => _lanes.RoundsLeft(lane);

    public virtual void Begin(BcryptRequest request) => _lanes.Begin(request);

    public virtual void Advance(long rounds) => _lanes.Advance(rounds);

    public virtual void Finish(int lane) => _lanes.Finish(lane);

    public virtual void Drop(int lane) => _lanes.Drop(lane);

    public void Dispose() => _lanes.Dispose();
}

/// <summary>Says when work has begun, and holds it until told. Meant for a width of one: what is held is the worker itself.</summary>
internal sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public IBcryptLanes CreateLanes(int width) => new GatedLanes(width, this);

    public async Task BegunAsync() => Assert.True(await _begun.WaitAsync(Patience.Limit), "No worker began.");

    public void Open(int times = 1_000_000) => _gate.Release(times);

    public void Dispose()
    {
        _begun.Dispose();
        _gate.Dispose();
    }

    private sealed class GatedLanes(int width, Gate gate) : TestLanes(width)
    {
        private BcryptRequest? _asked;
        private BcryptRequest? _computed;

        public override void Begin(BcryptRequest request)
        {
            Interlocked.Increment(ref gate._calls);
            gate._begun.Release();
            gate._gate.Wait();

            // The engine reckons with the cost that it asked for; the test need not wait for it.
            _asked = request;
            _computed = new BcryptRequest(request.Password, request.Salt, Bcrypt.Rounds(Bcrypt.LowestCost), request.Purpose);
            base.Begin(_computed);
        }

        public override void Finish(int lane)
        {
            base.Finish(lane);
            _computed!.Digest.CopyTo(_asked!.Digest, 0);
        }
    }
}

/// <summary>Does what it is told before each digest begins.</summary>
internal sealed class ProbingLanes(int width, Action probe) : TestLanes(width)
{
    public override void Begin(BcryptRequest request)
    {
        probe();
        base.Begin(request);
    }
}
