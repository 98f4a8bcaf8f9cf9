using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords;

/// <summary>
/// Hashes passwords and compares them on threads of its own behind a bounded queue, so that a flood of logins is refused
/// (<see cref="PasswordEngineBusyException"/>) instead of slowing everything else. Make one for each process; safe for use by many threads at once.
/// </summary>
/// <remarks>
/// Each worker computes up to four hashes side by side, in about a tenth more than the time of one, and takes in what arrives while others are half-way.
/// A password is hashed as the UTF-8 bytes of its NFC form. New hashes are <c>$2b$</c> bcrypt for passwords of at most 72 bytes without NUL, otherwise
/// passlib's <c>$bcrypt-sha256$v=2</c>; or ASP.NET Core Identity's (<see cref="PasswordEngineOptions.Format"/>). No password is ever truncated. In an
/// application that runs with invariant globalization the platform does not normalise,
/// so there only the text as sent is compared. Metrics: the meter <c>Countersign.Passwords</c>.
/// </remarks>
public sealed class PasswordEngine : IAsyncDisposable
{
    private readonly QueueLimits _limits;
    private readonly TimeProvider _time;
    private readonly PasswordMetrics _metrics;
    private readonly PasswordScheme _scheme;
    private readonly WorkQueue _queue;
    private readonly AnswerThread _answers;
    private readonly Task[] _threads;

    /// <summary>Starts the workers.</summary>
    /// <param name="options">Read here and never again.</param>
    /// <param name="time">For deadlines and for measuring how long the work takes.</param>
    /// <exception cref="ArgumentException">A setting is outside its range; the parameter's name is the setting's.</exception>
    public PasswordEngine(PasswordEngineOptions options, TimeProvider time)
        : this(options, time, new WorkRate(), static width => new BcryptLanes(width))
    {
    }

    internal PasswordEngine(PasswordEngineOptions options, TimeProvider time, WorkRate rate, Func<int, IBcryptLanes> createLanes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Check().ThrowIfFaulty(nameof(PasswordEngineOptions));
        int workers = options.Workers == 0 ? Environment.ProcessorCount : options.Workers;
        _limits = new QueueLimits(workers, options.LanesPerWorker, options.QueueLimit, options.Deadline, options.NetworkShare, options.PerAccount);
        _time = time;
        _metrics = new PasswordMetrics();
        _scheme = new PasswordScheme(options, rate, time);
        _queue = new WorkQueue(_limits, rate);
        _metrics.ObserveDepth(() => _queue.Depth);
        _metrics.ObserveLanes(() => _queue.BusyLanes);
        IBcryptLanes[] lanes = [.. Enumerable.Range(0, workers).Select(_ => createLanes(options.LanesPerWorker))];
        _answers = new AnswerThread();
        _threads =
        [
            .. lanes.Select((own, index) => StartWorker($"{index + 1}", new LaneWorker(_queue, _answers, own, rate, time, _metrics).Work)),
            .. lanes.Select((_, index) => StartWorker($"{index + 1}, off lanes", new BlockingWorker(_queue, _answers, time, _metrics).Work)),
        ];
    }

    /// <summary>When another try is worthwhile: the estimated time of the work that waits, in whole seconds, at least one.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(_queue.EstimatedWait.TotalSeconds)));

    /// <summary>Pieces of work that wait for a lane now.</summary>
    public int QueueDepth => _queue.Depth;

    internal PasswordMetrics Metrics => _metrics;

    /// <summary>Makes a new hash, with a new salt, as text to be stored.</summary>
    /// <param name="password">Valid Unicode of at most 4,096 UTF-8 bytes; <see cref="Rules.PasswordRules"/> says so to a person before.</param>
    /// <param name="queueKey">Whom the place in the queue is counted against.</param>
    /// <param name="cancellationToken">Takes the work out of the queue; where it has begun, drops it within a few milliseconds.</param>
    /// <exception cref="ArgumentException">The password is longer, or has a lone surrogate or U+FFFE.</exception>
    /// <exception cref="PasswordEngineBusyException">No place in the queue, or none within the deadline.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or was while the work waited.</exception>
    public ValueTask<string> HashAsync(string password, PasswordQueueKey queueKey = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        var bytes = PasswordBytes.Of(password);
        PasswordHasher.RequireHashable(bytes, nameof(password));
        var item = new WorkItem<string>(_scheme.Hash, bytes, _scheme.UsualRounds, queueKey) { BeginsBlocking = _scheme.WritesIdentity };
        return EnqueueAsync(item, cancellationToken);
    }

    /// <summary>
    /// Compares a password with a stored hash. A wrong password, a missing or unreadable hash and a hash of a cheaper scheme take the same work
    /// (a dearer one takes its own), and give the same answer. Whether there is a place in the queue does not depend on the stored hash.
    /// </summary>
    /// <param name="password">As it was sent; text that cannot be a password (too long, not Unicode) is a wrong one.</param>
    /// <param name="storedHash">
    /// What is stored: bcrypt (<c>$2b$</c>, <c>$2a$</c>, <c>$2y$</c>), passlib's <c>$bcrypt-sha256$</c> and <c>$pbkdf2-sha256$</c>, Django's <c>pbkdf2_sha256$</c>, ASP.NET Core
    /// Identity's V2 and V3, and what <see cref="PasswordEngineOptions.AdditionalFormats"/> read. Null, empty, unreadable or above a limit: <see cref="PasswordVerification.Failed"/>, after the work of a hash at the configured cost; it never throws.
    /// </param>
    /// <param name="queueKey">Whom the place in the queue is counted against.</param>
    /// <param name="cancellationToken">
    /// Takes the work out of the queue; where it has begun, drops it within a few milliseconds, or at the end of the step that computes a hash of another scheme than bcrypt.
    /// </param>
    /// <exception cref="PasswordEngineBusyException">No place in the queue, or none within the deadline.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or was while the work waited.</exception>
    public ValueTask<PasswordVerification> VerifyAsync(
        string password, string? storedHash, PasswordQueueKey queueKey = default, CancellationToken cancellationToken = default) =>
        VerifyWithOwnSchemeAsync(password, storedHash, ownScheme: null, queueKey, cancellationToken);

    /// <summary>Compares a password as <see cref="VerifyAsync"/> does, and asks the account's own scheme where nothing else reads the stored hash.</summary>
    /// <param name="password">As it was sent.</param>
    /// <param name="storedHash">What is stored.</param>
    /// <param name="ownScheme">
    /// Asked last, for a hash that no other scheme has read, and for one in Identity's format that did not match: a hasher with a key of its own may have
    /// written it in that form. It is computed beside the lanes, like every other scheme. Null: none.
    /// </param>
    /// <param name="queueKey">Whom the place in the queue is counted against.</param>
    /// <param name="cancellationToken">As for <see cref="VerifyAsync"/>.</param>
    /// <exception cref="PasswordEngineBusyException">No place in the queue, or none within the deadline.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or was while the work waited.</exception>
    public ValueTask<PasswordVerification> VerifyWithOwnSchemeAsync(
        string password, string? storedHash, IForeignPasswordScheme? ownScheme, PasswordQueueKey queueKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        var bytes = PasswordBytes.Of(password);
        var stored = _scheme.Parse(storedHash, ownScheme);
        var item = new WorkItem<PasswordVerification>(
            (form, answer) => _scheme.Verify(form, stored, answer), bytes, _scheme.RoundsToVerify(bytes, stored), queueKey)
        {
            UsualRounds = bytes.Forms * _scheme.UsualRounds,
            BeginsBlocking = _scheme.BeginsBlocking(stored),
        };
        return EnqueueAsync(item, cancellationToken);
    }

    /// <summary>
    /// Throws what <see cref="VerifyAsync"/> would throw now. For a caller that has work of its own before, such as finding the account and counting the attempt: a flood of logins then
    /// costs it nothing. Nothing is reserved, so the comparison may be refused all the same.
    /// </summary>
    /// <param name="queueKey">Whom the place in the queue would be counted against.</param>
    /// <exception cref="PasswordEngineBusyException">There is no place in the queue.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of.</exception>
    public void ThrowIfBusy(PasswordQueueKey queueKey = default)
    {
        switch (_queue.Probe(queueKey, _scheme.UsualRounds))
        {
            case Admission.Admitted:
                break;
            case Admission.Closed:
                throw Disposed();
            case var refusal:
                _metrics.Refused(ReasonOf(refusal));
                throw new PasswordEngineBusyException(RetryAfter);
        }
    }

    /// <summary>Ends the engine: work that runs is finished, work that waits ends with <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var item in _queue.Close())
        {
            item.Refuse(Disposed());
        }

        await Task.WhenAll(_threads).ConfigureAwait(false);
        _answers.Close();
        _metrics.Dispose();
    }

    private Task StartWorker(string name, Action work) => WorkerThread.Start($"Countersign password worker {name}", _answers, work);

    private static ObjectDisposedException Disposed() => new(nameof(PasswordEngine));

    private static string ReasonOf(Admission refusal) => refusal switch { Admission.AccountFull => "account", Admission.NetworkFull => "network", _ => "queue" };

    private ValueTask<T> EnqueueAsync<T>(WorkItem<T> item, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            item.Cancel(cancellationToken);
            return new ValueTask<T>(item.Answer);
        }

        item.ArrivedAt = _time.GetTimestamp();
        switch (_queue.TryAdd(item))
        {
            case Admission.Admitted:
                Watch(item, cancellationToken);
                break;
            case Admission.Closed:
                item.Refuse(Disposed());
                break;
            case var refusal:
                Refuse(item, ReasonOf(refusal));
                break;
        }

        return new ValueTask<T>(item.Answer);
    }

    private void Watch(WorkItem item, CancellationToken cancellationToken)
    {
        var deadline = _time.CreateTimer(_ => Expire(item), null, _limits.Deadline, Timeout.InfiniteTimeSpan);
        var cancellation = cancellationToken.UnsafeRegister((_, token) => Cancel(item, token), null);
        item.Watch(deadline, cancellation);
    }

    private void Expire(WorkItem item)
    {
        if (_queue.TryRemove(item))
        {
            Refuse(item, "deadline");
        }
    }

    private void Cancel(WorkItem item, CancellationToken cancellationToken)
    {
        if (_queue.TryRemove(item))
        {
            item.Cancel(cancellationToken);
        }
        else
        {
            item.RequestCancellation(cancellationToken);
        }
    }

    private void Refuse(WorkItem item, string reason)
    {
        _metrics.Refused(reason);
        item.Refuse(new PasswordEngineBusyException(RetryAfter));
    }
}
