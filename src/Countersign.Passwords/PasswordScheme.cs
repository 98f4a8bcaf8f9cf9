using System.Runtime.CompilerServices;
using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// Writes hashes and compares passwords, as a sequence of steps. A step returns a bcrypt request, and the next step runs when a lane has filled it. If a step
/// returns null, the next step computes something long on the thread that runs it.
/// </summary>
/// <remarks>
/// Against timing attacks and user enumeration: all ways to fail take the same work, one hash for each form of the password, each of at least
/// <see cref="UsualRounds"/>. An account that does not exist has no stored hash, and a dummy hash is computed.
/// </remarks>
internal sealed class PasswordScheme
{
    private readonly int _cost;
    private readonly int _maxStoredCost;
    private readonly PasswordFormat _format;
    private readonly int _identityIterations;
    private readonly IPasswordHashFormat[] _foreignSchemes;
    private readonly WorkRate _rate;
    private readonly TimeProvider _time;

    // Computed if there is nothing to compare with. None: bcrypt rounds alone are computed.
    private readonly StoredHash[] _dummies;

    /// <param name="options">Valid settings. They are read only here.</param>
    /// <param name="rate">Converts the time of another scheme into rounds.</param>
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
    /// The visible work of a new hash and of a comparison, in bcrypt rounds: the work of a hash in the configured format, and at least that of a bcrypt hash at
    /// the configured cost. So the time does not show whether an account's hash is still bcrypt or already Identity's.
    /// </summary>
    public long UsualRounds { get; }

    /// <summary>Whether a new hash is computed beside the lanes.</summary>
    public bool WritesIdentity => _format == PasswordFormat.Identity;

    /// <summary>Returns the hashes to compare a password with, in this order. Empty: no scheme can read the stored text.</summary>
    /// <param name="storedHash">Any text, or null.</param>
    /// <param name="ownScheme">
    /// The account's own scheme. It is asked for hashes that no other scheme can read, and for hashes in Identity's format too: a scheme that adds a secret key
    /// to Identity's hasher writes that format.
    /// </param>
    public StoredHash[] Parse(string? storedHash, IPasswordHashFormat? ownScheme = null)
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

    /// <summary>The estimated highest cost of a comparison, in bcrypt rounds.</summary>
    public long RoundsToVerify(PasswordBytes password, StoredHash[] stored) => password.Forms * Math.Max(UsualRounds, stored.Sum(static hash => hash.Rounds));

    /// <summary>Whether a comparison with these hashes begins beside the lanes.</summary>
    public bool BeginsBlocking(StoredHash[] stored) => Compared(stored) is [ForeignHash, ..];

    /// <summary>Makes a new hash. The password must be <see cref="PasswordBytes.IsHashable"/>.</summary>
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

    /// <summary>Compares a password with the hashes that <see cref="Parse"/> returned.</summary>
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

                // Text that cannot be a password was replaced before the comparison, and a dummy belongs to no account. Neither may match.
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
    /// Whether a new hash would be alike. bcrypt hashes the NFC form, so a hash that matched only the text as sent was made from other bytes. Identity's format
    /// hashes the text as sent, and other applications compare only that. So such a hash stays, whichever form matched.
    /// </summary>
    private bool IsCurrent(StoredHash hash, PasswordBytes password, int form) => WritesIdentity
        ? hash is Pbkdf2Hash pbkdf2 && pbkdf2.IsCurrentIdentity(_identityIterations)
        : form == 0 && hash is BcryptStoredHash bcrypt && bcrypt.IsCurrent(password.Normalized, _cost);

    private static ReadOnlySpan<byte> Form(PasswordBytes password, int index) => password.IsHashable ? password.Form(index) : BcryptRequest.DummyPassword;
}
