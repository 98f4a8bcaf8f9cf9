using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>
/// However work ends on a niced worker, the answer is given on a thread that is not: completing a task may start threads of the pool, which inherit the
/// niceness of their starter.
/// </summary>
public sealed class WorkerAnswerTests : IAsyncDisposable
{
    private readonly PasswordMetrics _metrics = new();
    private readonly AnswerThread _answers = new();
    private readonly WorkQueue _queue;
    private readonly Task[] _workers;

    public WorkerAnswerTests()
    {
        var rate = new WorkRate();
        _queue = new WorkQueue(new QueueLimits(1, 1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), 1, 100), rate);
        var lanes = new ProbingLanes(1, static () => { });
        _workers =
        [
            WorkerThread.Start("niced", _answers, new LaneWorker(_queue, _answers, lanes, rate, TimeProvider.System, _metrics).Work),
            WorkerThread.Start("niced, off lanes", _answers, new BlockingWorker(_queue, _answers, TimeProvider.System, _metrics).Work),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await Task.WhenAll(_workers);
        _answers.Close();
        _metrics.Dispose();
    }

    [Theory]
    [InlineData(false, Ending.Completed)]
    [InlineData(false, Ending.Cancelled)]
    [InlineData(false, Ending.Refused)]
    [InlineData(true, Ending.Completed)]
    [InlineData(true, Ending.Cancelled)]
    [InlineData(true, Ending.Refused)]
    public async Task Work_HoweverItEnds_IsAnsweredOnAThreadThatIsNotNiced(bool beginsBlocking, Ending ending)
    {
        var item = new ToldItem(ending) { BeginsBlocking = beginsBlocking };
        Assert.Equal(Admission.Admitted, _queue.TryAdd(item));

        var (ended, thread, niceness) = await item.Answered.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(ending, ended);
        Assert.Equal(AnswerThread.Name, thread);
        Assert.Equal(ThreadStat.NicenessOf("self"), niceness);
    }

    public enum Ending
    {
        Completed,
        Cancelled,
        Refused,
    }

    /// <summary>Ends as it is told, and tells where.</summary>
    private sealed class ToldItem : WorkItem
    {
        private readonly TaskCompletionSource<(Ending, string?, int?)> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Ending _ending;

        public ToldItem(Ending ending)
            : base(rounds: 1, origin: default)
        {
            _ending = ending;
            if (ending == Ending.Cancelled)
            {
                RequestCancellation(new CancellationToken(canceled: true));
            }
        }

        public Task<(Ending Ending, string? Thread, int? Niceness)> Answered => _answered.Task;

        public override BcryptRequest? Request => null;

        public override bool MoveNext() => _ending == Ending.Refused ? throw new InvalidOperationException("Broken.") : false;

        public override void Complete() => Answer(Ending.Completed);

        public override void Refuse(Exception exception) => Answer(Ending.Refused);

        public override void Cancel(CancellationToken cancellationToken) => Answer(Ending.Cancelled);

        private void Answer(Ending ending) => _answered.SetResult((ending, Thread.CurrentThread.Name, ThreadStat.NicenessOf("thread-self")));
    }
}
