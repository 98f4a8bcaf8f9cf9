using System.Runtime.CompilerServices;
using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// What is written and how a password is compared, as a sequence of steps: each asks for a bcrypt digest and goes on when its request is filled, or is null,
/// and the next step computes something else at length on the thread that takes it. All ways to fail take the same work: as many forms of the password as it has,
/// each at least <see cref="UsualRounds"/>.
/// </summary>
internal sealed class PasswordScheme
{
    private readonly int _cost;
    private readonly int _maxStoredCost;
    private readonly PasswordFormat _format;
    private readonly int _identityIterations;
    private readonly IForeignPasswordScheme[] _foreignSchemes;
    private readonly WorkRate _rate;
    private readonly TimeProvider _time;

    // What is computed where there is nothing to compare with. None: bcrypt rounds alone make up the work.
    private readonly StoredHash[] _dummies;

    /// <param name="options">Valid; read here and never again.</param>
    /// <param name="rate">Turns time that another scheme took into rounds.</param>
    /// <param name="time">Measures that time.</param>
    public PasswordScheme(PasswordEngineOptions options, WorkRate rate, TimeProvider time)
    {
        _cost = options.Cost;
        _maxStoredCost = options.MaxStoredCost;
        _format = options.Format;
        _identityIterations = options.IdentityIterations;
        _foreignSchemes = [.. options.AdditionalFormats];
        _rate = rate;
        _time = time;
        var dummy = WritesIdentity ? IdentityFormat.Dummy(_identityIterations) : null;
        _dummies = dummy is null ? [] : [dummy];
        UsualRounds = Math.Max(Bcrypt.Rounds(_cost), dummy?.RoundsOfOneLane ?? 0);
    }

    /// <summary>
    /// The work of a new hash and of a comparison, in bcrypt rounds, as a stranger sees it: what a hash of the configured format takes, and at least a bcrypt
    /// hash at the configured cost, so that accounts whose hash is still bcrypt are not told from those whose hash is Identity's.
    /// </summary>
    public long UsualRounds { get; }

    /// <summary>Whether a new hash is computed beside the lanes.</summary>
    public bool WritesIdentity => _format == PasswordFormat.Identity;

    /// <summary>Gives what a password is compared with, in this order. Empty: nothing is stored that anything could read.</summary>
    /// <param name="storedHash">Any text, or null.</param>
    /// <param name="ownScheme">
    /// The account's own scheme. It is asked for what no other has read, and for hashes in Identity's format too: a scheme that adds a key of its own to
    /// Identity's hasher writes them in the same form.
    /// </param>
    public StoredHash[] Parse(string? storedHash, IForeignPasswordScheme? ownScheme = null)
    {
        var known = StoredHash.TryParse(storedHash, _maxStoredCost, _foreignSchemes);
        if (ownScheme is not null
            && !string.IsNullOrEmpty(storedHash)
            && known is null or Pbkdf2Hash { IsOfIdentity: true }
            && PluggedHash.TryParse(storedHash, [ownScheme]) is { } own)
        {
            return known is null ? [own] : [known, own];
        }

        return known is null ? [] : [known];
    }

    /// <summary>About how much a comparison costs at most, in bcrypt rounds.</summary>
    public long RoundsToVerify(PasswordBytes password, StoredHash[] stored) => password.Forms * Math.Max(UsualRounds, stored.Sum(static hash => hash.Rounds));

    /// <summary>Whether a comparison with these begins beside the lanes.</summary>
    public bool BeginsBlocking(StoredHash[] stored) => Compared(stored) is [ForeignHash, ..];

    /// <summary>Writes a new hash of a password that <see cref="PasswordBytes.IsHashable"/>.</summary>
    public IEnumerator<BcryptRequest?> Hash(PasswordBytes password, StrongBox<string> answer)
    {
        if (WritesIdentity)
        {
            yield return null;
            answer.Value = IdentityFormat.Write(password.AsSent, _identityIterations);
            yield break;
        }

        bool isExact = Bcrypt.IsExact(password.Normalized);
        using var request = isExact ? BcryptHash.BeginNew(password.Normalized, _cost) : BcryptSha256Hash.BeginNew(password.Normalized, _cost);
        yield return request;
        answer.Value = isExact ? BcryptHash.Write(request) : BcryptSha256Hash.Write(request);
    }

    /// <summary>Compares a password with what <see cref="Parse"/> gave.</summary>
    public IEnumerator<BcryptRequest?> Verify(PasswordBytes password, StoredHash[] stored, StrongBox<PasswordVerification> answer)
    {
        var compared = Compared(stored);
        for (int index = 0; index < password.Forms; index++)
        {
            long spent = 0;
            foreach (var hash in compared)
            {
                bool matches;
                if (hash is BcryptStoredHash bcrypt)
                {
                    using var request = bcrypt.Begin(Form(password, index));
                    yield return request;
                    matches = bcrypt.Matches(request);
                    spent += request.Rounds;
                }
                else
                {
                    yield return null;
                    long started = _time.GetTimestamp();
                    matches = ((ForeignHash)hash).Matches(Form(password, index));
                    spent += _rate.RoundsIn(_time.GetElapsedTime(started));
                }

                // What was compared for text that cannot be a password is not that text, and a dummy is nobody's hash.
                if (matches && password.IsHashable && stored.Length > 0)
                {
                    answer.Value = IsCurrent(hash, password, index) ? PasswordVerification.Success : PasswordVerification.SuccessRehashNeeded;
                    yield break;
                }
            }

            if (spent < UsualRounds)
            {
                using var rest = BcryptRequest.Dummy(UsualRounds - spent);
                yield return rest;
            }
        }

        answer.Value = PasswordVerification.Failed;
    }

    private StoredHash[] Compared(StoredHash[] stored) => stored.Length > 0 ? stored : _dummies;

    /// <summary>
    /// Whether this is what would be written today. bcrypt is written from the NFC form, so a match by the text as sent only is a hash over other bytes.
    /// Identity's format is
    /// written from the text as sent, and read by applications that compare nothing else: what is stored there stays, whichever form matched.
    /// </summary>
    private bool IsCurrent(StoredHash hash, PasswordBytes password, int form) => WritesIdentity
        ? hash is Pbkdf2Hash pbkdf2 && pbkdf2.IsCurrentIdentity(_identityIterations)
        : form == 0 && hash is BcryptStoredHash bcrypt && bcrypt.IsCurrent(password.Normalized, _cost);

    private static ReadOnlySpan<byte> Form(PasswordBytes password, int index) => password.IsHashable ? password.Form(index) : BcryptRequest.DummyPassword;
}
