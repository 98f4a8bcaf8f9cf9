using Countersign.AspNetCore.Limits;
using Countersign.Passwords;

namespace Countersign.AspNetCore.SignIn;

/// <summary>
/// The step "limits": the network's minute, and room in the engine. It comes first, so that a flood of logins does not become one of reads and writes.
/// </summary>
internal sealed class SignInLimits(NetworkLimits networks, PasswordEngine engine)
{
    /// <summary>
    /// Checks between the engine's word and its queue, which does not know them yet. Without a bound a flood would gather there, before the database, while the
    /// engine stands idle and lets more of them pass. Several times what fills the lanes of a large machine, and less than half a second of commits on a
    /// slow disk.
    /// </summary>
    /// <remarks>
    /// Not a place in the engine's queue: that bounds the time of hashes, and what gathers here are commits, whose time has nothing to do with it.
    /// </remarks>
    internal const int MostOnTheWay = 32;

    private int _onTheWay;

    /// <summary>Takes one check from the network's minute.</summary>
    /// <returns>Null if it may go on; otherwise when another try is worthwhile.</returns>
    public TimeSpan? TryTake(ClientAddress client) => networks.PasswordChecks.TryTake(client.Network);

    /// <summary>Lets a check on its way to the engine's queue.</summary>
    /// <returns>To be disposed of when the check is in the queue, or will never be.</returns>
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

    /// <summary>One check that is on its way.</summary>
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
