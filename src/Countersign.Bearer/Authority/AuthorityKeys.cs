using System.Security.Cryptography;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.Logging;

namespace Countersign.Bearer.Authority;

/// <summary>
/// The keys of one authority. They are renewed before they become stale, by one renewal at a time, with growing pauses while renewals fail. A renewal that
/// fails, or brings keys that are refused, changes nothing until the keys are older than <see cref="AuthoritySettings.MaxKeyAge"/>.
/// </summary>
internal sealed class AuthorityKeys : IDisposable
{
    /// <summary>
    /// Tokens with unknown key ids start at most one renewal in this time. Strangers can make such tokens, and must not be able to flood the authority.
    /// </summary>
    public static readonly TimeSpan UnknownKeyPause = TimeSpan.FromSeconds(10);

    /// <summary>How long keys are fresh if the answer has no <c>max-age</c>.</summary>
    private static readonly TimeSpan DefaultFreshness = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly AuthoritySettings _settings;
    private readonly AuthorityDocuments _documents;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private volatile KeyStanding _standing = new();
    private volatile Task? _renewal;
    private KeyMoment? _unknownKeyAt;

    public AuthorityKeys(AuthoritySettings settings, AuthorityDocuments documents, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _documents = documents;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(static state => ((AuthorityKeys)state!).Renew(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The keys in use. Empty before the first keys are loaded, and after the keys have become too old.</summary>
    public KeyRing Ring { get; } = new(KeySet.Empty);

    /// <summary>Whether the last renewal failed. Then the authority may know a key that is unknown here.</summary>
    public bool IsFailing => _standing.Failures > 0;

    /// <summary>The current renewal; null if none is running.</summary>
    public Task? Renewal => _renewal;

    /// <summary>How long a client should wait until a request can succeed.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            var standing = _standing;
            var left = standing.Pause - KeyMoment.Now(_time).Since(standing.EndedAt, _time);
            return left > FirstPause ? left : FirstPause;
        }
    }

    /// <summary>
    /// Stops using keys that are too old, and starts a renewal of stale keys without waiting for it. The timer usually does the latter; this method helps if
    /// the timer slept with the machine.
    /// </summary>
    /// <param name="now">The wall clock, as the request read it.</param>
    public void Check(DateTimeOffset now)
    {
        var standing = _standing;
        if (standing.AskedAt is not { } askedAt)
        {
            return;
        }

        var moment = new KeyMoment(now, _time.GetTimestamp());
        var age = moment.Since(askedAt, _time);
        if (age < standing.Freshness)
        {
            return;
        }

        if (age >= _settings.MaxKeyAge)
        {
            TakeOutOfUse(standing);
        }

        RenewIfDue(moment);
    }

    /// <summary>Starts a renewal unless one is running.</summary>
    public void Renew()
    {
        lock (_lock)
        {
            if (_renewal is null)
            {
                Start(pastCaches: false);
            }
        }
    }

    /// <summary>Starts a renewal if none is running and the pause after the last one is over.</summary>
    public void RenewIfDue(KeyMoment now)
    {
        var standing = _standing;
        if (standing.EndedAt == default || now.Since(standing.EndedAt, _time) >= standing.Pause)
        {
            Renew();
        }
    }

    /// <summary>
    /// Starts a renewal because a key is unknown; it bypasses caches. It does nothing if a renewal is running, or if this happened within
    /// <see cref="UnknownKeyPause"/>.
    /// </summary>
    public void RenewForUnknownKey(KeyMoment now)
    {
        lock (_lock)
        {
            if (_renewal is null && (_unknownKeyAt is not { } last || now.Since(last, _time) >= UnknownKeyPause))
            {
                _unknownKeyAt = now;
                Start(pastCaches: true);
            }
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _timer.Dispose();
    }

    /// <summary>Runs a renewal on another thread, outside of the request that started it, so that it does not use that request's trace and context.</summary>
    private void Start(bool pastCaches)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _renewal = done.Task;
        ThreadPool.UnsafeQueueUserWorkItem(state => _ = RenewAsync(state.PastCaches, state.Done), (PastCaches: pastCaches, Done: done), preferLocal: false);
    }

    private async Task RenewAsync(bool pastCaches, TaskCompletionSource done)
    {
        var askedAt = KeyMoment.Now(_time);
        KeyFetch fetch;
        try
        {
            fetch = await _documents.FetchAsync(pastCaches, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A handler of the app may throw any exception. Requests must still get their answer, and the next renewal must still run.
            fetch = KeyFetch.Bad(exception.Message);
        }

        try
        {
            lock (_lock)
            {
                if (fetch.Keys is { } keys)
                {
                    Take(keys, fetch.Freshness, askedAt);
                }
                else
                {
                    Miss(fetch.Fault!);
                }
            }
        }
        finally
        {
            // The app's log may throw too, and the same applies.
            End(done);
        }
    }

    /// <summary>Ends this renewal, so that the next one can run and waiting requests continue.</summary>
    private void End(TaskCompletionSource done)
    {
        lock (_lock)
        {
            _renewal = null;
            if (!_stopping.IsCancellationRequested)
            {
                _timer.Change(_standing.Pause > TimeSpan.Zero ? _standing.Pause : FirstPause, Timeout.InfiniteTimeSpan);
            }
        }

        done.SetResult();
    }

    private void Take(KeySet fetched, TimeSpan? allowed, KeyMoment askedAt)
    {
        var old = _standing;
        var keys = KeySetUpdate.Merge(old.Keys, fetched);
        var (least, most) = _settings.CacheAge;

        // An empty set is a valid answer and is used, but it will probably change soon.
        var freshness = keys.Verification.Count == 0 ? least : TimeSpan.FromTicks(Math.Clamp((allowed ?? DefaultFreshness).Ticks, least.Ticks, most.Ticks));
        var pause = freshness * (0.8 + (0.1 * Chance()));
        _standing = new KeyStanding { Keys = keys, AskedAt = askedAt, Freshness = freshness, EndedAt = KeyMoment.Now(_time), Pause = pause };
        Ring.Replace(keys);
        if (keys.Verification.Count == 0)
        {
            Log.NoUsableKeys(_logger, _settings.Scheme, _settings.Issuer);
        }
        else if (!ReferenceEquals(keys, old.Keys))
        {
            var (added, removed) = (KeySetUpdate.Name(keys, old.Keys), KeySetUpdate.Name(old.Keys, keys));
            Log.KeysChanged(_logger, _settings.Scheme, _settings.Issuer, added, removed);
        }

        if (old.Failures > 0)
        {
            Log.Recovered(_logger, _settings.Scheme, _settings.Issuer, old.Failures);
        }
    }

    private void Miss(string fault)
    {
        var old = _standing;
        var now = KeyMoment.Now(_time);
        var longest = Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(old.Failures, 10));
        var pause = TimeSpan.FromTicks((long)(longest * (0.8 + (0.2 * Chance()))));
        _standing = old with { Failures = old.Failures + 1, EndedAt = now, Pause = pause };
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        Log.RenewalFailed(_logger, _settings.Scheme, _settings.Issuer, fault, pause);
        if (old.AskedAt is { } askedAt && now.Since(askedAt, _time) >= _settings.MaxKeyAge)
        {
            TakeOutOfUse(_standing);
        }
    }

    private void TakeOutOfUse(KeyStanding standing)
    {
        if (Ring.Current.Verification.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            // Another renewal may have brought new keys meanwhile, or another request may have been first.
            if (_standing.AskedAt == standing.AskedAt && Ring.Current.Verification.Count > 0)
            {
                Ring.Replace(KeySet.Empty);
                Log.KeysTooOld(_logger, _settings.Scheme, _settings.Issuer, _settings.MaxKeyAge);
            }
        }
    }

    /// <summary>Returns a random number from 0 to 1. Services that started together use it so that they do not always ask together.</summary>
    private static double Chance() => RandomNumberGenerator.GetInt32(1001) / 1000.0;
}
