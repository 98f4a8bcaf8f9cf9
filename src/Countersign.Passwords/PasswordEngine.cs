using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords;

/// <summary>
/// Hashes and compares passwords on its own threads, with a bounded queue. So a flood of logins is refused (<see cref="PasswordEngineBusyException"/>) and
/// does not slow down everything else. Make one for each process. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// Each worker computes up to four hashes side by side, in about a tenth more than the time of one. New work can join while other hashes are half-way. A
/// password is hashed as the UTF-8 bytes of its NFC form. New hashes are <c>$2b$</c> bcrypt for passwords of at most 72 bytes without NUL, otherwise passlib's
/// <c>$bcrypt-sha256$v=2</c>; or they have ASP.NET Core Identity's format (<see cref="PasswordEngineOptions.Format"/>). No password is ever truncated. The
/// platform does not normalise in an application with invariant globalization; there only the text as sent is compared. Metrics: the meter
/// <c>Countersign.Passwords</c>.
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
    /// <param name="options">The settings. They are read only here.</param>
    /// <param name="time">The clock for deadlines, and for measuring how long the work takes.</param>
    /// <exception cref="ArgumentException">A setting is outside its range. The parameter's name is that of the setting.</exception>
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
        _limits = new QueueLimits(workers, options.LanesPerWorker, options.QueueLimit, options.QueueTimeout, options.MaxNetworkShare, options.MaxPerAccount);
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

    /// <summary>When to try again: the estimated time of the waiting work, in whole seconds, at least one.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(_queue.EstimatedWait.TotalSeconds)));

    /// <summary>The number of items that wait for a lane now.</summary>
    public int QueueDepth => _queue.Depth;

    internal PasswordMetrics Metrics => _metrics;

    /// <summary>Makes a new hash with a new salt, as text to store.</summary>
    /// <param name="password">Valid Unicode of at most 4,096 UTF-8 bytes. Check it with <see cref="Rules.PasswordRules"/> first, to tell the user.</param>
    /// <param name="queueKey">The network and account that the place in the queue counts for.</param>
    /// <param name="cancellationToken">Removes waiting work from the queue. Stops running work within a few milliseconds.</param>
    /// <exception cref="ArgumentException">The password is longer, or has a lone surrogate or U+FFFE.</exception>
    /// <exception cref="PasswordEngineBusyException">The queue has no place, or no worker was free before the deadline.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or was disposed of while the work waited.</exception>
    public ValueTask<string> HashAsync(string password, PasswordQueueKey queueKey = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        var bytes = PasswordBytes.Of(password);
        PasswordHasher.RequireHashable(bytes, nameof(password));
        var item = new WorkItem<string>(_scheme.Hash, bytes, _scheme.UsualRounds, queueKey) { BeginsBlocking = _scheme.WritesIdentity };
        return PasswordActivities.Observe(() => EnqueueAsync(item, cancellationToken));
    }

    /// <summary>
    /// Compares a password with a stored hash. A wrong password, a missing or unreadable hash and a hash of a cheaper scheme take the same work and give the
    /// same result. A hash of a more expensive scheme takes its own work. Whether the queue has a place does not depend on the stored hash.
    /// </summary>
    /// <param name="password">The password as it was sent. Text that cannot be a password (too long, not Unicode) counts as a wrong password.</param>
    /// <param name="storedHash">
    /// The stored text: bcrypt (<c>$2b$</c>, <c>$2a$</c>, <c>$2y$</c>), passlib's <c>$bcrypt-sha256$</c> and <c>$pbkdf2-sha256$</c>, Django's
    /// <c>pbkdf2_sha256$</c>, ASP.NET Core Identity's V2 and V3, and all formats that <see cref="PasswordEngineOptions.AdditionalFormats"/> read. For text that
    /// is null, empty, unreadable or above a limit the result is <see cref="PasswordVerification.Failed"/>, after the work of a hash at the configured cost. It
    /// never throws.
    /// </param>
    /// <param name="queueKey">The network and account that the place in the queue counts for.</param>
    /// <param name="cancellationToken">
    /// Removes waiting work from the queue. Stops running work within a few milliseconds; a hash of a scheme other than bcrypt is computed to its end.
    /// </param>
    /// <exception cref="PasswordEngineBusyException">The queue has no place, or no worker was free before the deadline.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or was disposed of while the work waited.</exception>
    public ValueTask<PasswordVerification> VerifyAsync(
        string password, string? storedHash, PasswordQueueKey queueKey = default, CancellationToken cancellationToken = default) =>
        VerifyWithOwnSchemeAsync(password, storedHash, ownScheme: null, queueKey, cancellationToken);

    /// <summary>Compares a password like <see cref="VerifyAsync"/>. If no other scheme reads the stored hash, it asks the account's own scheme.</summary>
    /// <param name="password">The password as it was sent.</param>
    /// <param name="storedHash">The stored text.</param>
    /// <param name="ownScheme">
    /// Asked last, for a hash that no other scheme can read, and for a hash in Identity's format that did not match: a hasher with a secret key may write that
    /// format too. Its hashes are computed beside the lanes, like those of every other scheme. Null: none.
    /// </param>
    /// <param name="queueKey">The network and account that the place in the queue counts for.</param>
    /// <param name="cancellationToken">Cancels, as in <see cref="VerifyAsync"/>.</param>
    /// <exception cref="PasswordEngineBusyException">The queue has no place, or no worker was free before the deadline.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed of, or was disposed of while the work waited.</exception>
    internal ValueTask<PasswordVerification> VerifyWithOwnSchemeAsync(
        string password, string? storedHash, IPasswordHashFormat? ownScheme, PasswordQueueKey queueKey, CancellationToken cancellationToken)
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
        return PasswordActivities.Observe(() => EnqueueAsync(item, cancellationToken));
    }

    /// <summary>
    /// Throws the exception that <see cref="VerifyAsync"/> would throw now. Call it before other work, such as finding the account and counting the attempt:
    /// then a flood of logins does not cause that work. It reserves nothing, so the comparison may still be refused.
    /// </summary>
    /// <param name="queueKey">The network and account that the place in the queue would count for.</param>
    /// <exception cref="PasswordEngineBusyException">The queue has no place.</exception>
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

    /// <summary>Ends the engine. Running work is finished; waiting work ends with <see cref="ObjectDisposedException"/>.</summary>
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

    private static string ReasonOf(Admission refusal) => refusal switch
    {
        Admission.AccountFull => "account",
        Admission.NetworkFull => "network",
        _ => "queue",
    };

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
