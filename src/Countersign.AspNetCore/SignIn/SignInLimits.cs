using Countersign.AspNetCore.Limits;
using Countersign.Passwords;

namespace Countersign.AspNetCore.SignIn;

/// <summary>
/// The step "limits": checks the network's limit, and whether the engine has room. It comes first, so that a flood of logins does not become a flood of reads
/// and writes.
/// </summary>
internal sealed class SignInLimits(NetworkLimits networks, PasswordEngine engine)
{
    /// <summary>
    /// How many checks may be between the engine's answer and its queue, which does not count them yet. Without a bound, a flood would wait there for the
    /// database, while the engine is idle and lets more of them pass. The value is several times what fills the lanes of a large machine, and less than half a
    /// second of commits on a slow disk.
    /// </summary>
    /// <remarks>It is not part of the engine's queue: that bounds the time of hashes, but these checks wait for commits, whose time is unrelated.</remarks>
    internal const int MostOnTheWay = 32;

    private int _onTheWay;

    /// <summary>Takes one check from the network's minute.</summary>
    /// <returns>Null if the check may continue; otherwise how long to wait.</returns>
    public TimeSpan? TryTake(ClientAddress client) => networks.PasswordChecks.TryTake(client.Network);

    /// <summary>Starts a check's way to the engine's queue.</summary>
    /// <returns>Dispose it when the check is in the queue, or will never be.</returns>
    /// <exception cref="PasswordEngineBusyException">There is no room.</exception>
    public Passage Enter(ClientAddress client)
    {
        engine.ThrowIfBusy(new PasswordQueueKey(client.QueueNetwork, Account: null));
        if (Interlocked.Increment(ref _onTheWay) > MostOnTheWay)
        {
            Interlocked.Decrement(ref _onTheWay);
            throw new PasswordEngineBusyException(engine.RetryAfter);
        }

        return new Passage(this);
    }

    /// <summary>One check on its way to the queue.</summary>
    internal sealed class Passage(SignInLimits limits) : IDisposable
    {
        private bool _isOver;

        /// <summary>Makes room for another check. A second call does nothing.</summary>
        public void Dispose()
        {
            if (!_isOver)
            {
                _isOver = true;
                Interlocked.Decrement(ref limits._onTheWay);
            }
        }
    }
}
