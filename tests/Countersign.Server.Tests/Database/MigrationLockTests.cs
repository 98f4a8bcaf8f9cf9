using Countersign.Server.Database;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Database;

public sealed class MigrationLockTests : IDisposable
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File("countersign.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AcquireAsync_HeldByAnother_WaitsUntilItIsGivenBack()
    {
        var time = new FakeTimeProvider();
        var first = await MigrationLock.AcquireAsync(Database, LockTimeout, time, CancellationToken.None);
        var second = MigrationLock.AcquireAsync(Database, LockTimeout, time, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(second.IsCompleted);

        first.Dispose();
        using var held = await AdvanceUntilAsync(time, second);

        Assert.True(File.Exists(MigrationLock.FileFor(Database)));
    }

    [Fact]
    public async Task AcquireAsync_HeldForTooLong_SaysWhoWaitsForWhat()
    {
        var time = new FakeTimeProvider();
        using var first = await MigrationLock.AcquireAsync(Database, LockTimeout, time, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<TimeoutException>(
            () => AdvanceUntilAsync(time, MigrationLock.AcquireAsync(Database, LockTimeout, time, CancellationToken.None)));

        Assert.Contains(MigrationLock.FileFor(Database), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_Ends()
    {
        using var first = await MigrationLock.AcquireAsync(Database, LockTimeout, TimeProvider.System, CancellationToken.None);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MigrationLock.AcquireAsync(Database, LockTimeout, TimeProvider.System, cancelled.Token));
    }

    [Fact]
    public async Task AcquireAsync_DirectoryMissing_FailsAtOnce()
    {
        var nowhere = _directory.File("missing/countersign.db");

        await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => MigrationLock.AcquireAsync(nowhere, LockTimeout, new FakeTimeProvider(), CancellationToken.None));
    }

    private static async Task<MigrationLock> AdvanceUntilAsync(FakeTimeProvider time, Task<MigrationLock> waiting)
    {
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await waiting;
    }
}
