using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Support;

/// <summary>The real kernel behind a gate: says when work has begun, and holds it until told.</summary>
internal sealed class GatedKernel : IBcryptKernel, IDisposable
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public async Task BegunAsync() => Assert.True(await _begun.WaitAsync(TimeSpan.FromSeconds(30)), "No worker began.");

    public void Open(int times = 1_000_000) => _gate.Release(times);

    public void Digest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> digest)
    {
        Interlocked.Increment(ref _calls);
        _begun.Release();
        _gate.Wait();

        // The engine reckons with the cost that it asked for; the test need not wait for it.
        BCryptNetKernel.Instance.Digest(password, salt, Bcrypt.LowestCost, digest);
    }

    public void Dispose()
    {
        _begun.Dispose();
        _gate.Dispose();
    }
}

/// <summary>Does what it is told before each digest of the real kernel.</summary>
internal sealed class ProbingKernel(Action probe) : IBcryptKernel
{
    public void Digest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> digest)
    {
        probe();
        BCryptNetKernel.Instance.Digest(password, salt, cost, digest);
    }
}

/// <summary>Computes nothing, so that a hundred thousand strings cost nothing.</summary>
internal sealed class IdleKernel : IBcryptKernel
{
    public void Digest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> digest) => digest.Clear();
}
