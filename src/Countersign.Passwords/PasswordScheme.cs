using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// What is written and how a password is compared, on the calling thread. All ways to fail take the same work: as many forms of the password as it has,
/// each at least the configured cost.
/// </summary>
internal sealed class PasswordScheme(int cost, int maxStoredCost, BcryptWork work)
{
    /// <summary>About how much a new hash costs, in bcrypt rounds.</summary>
    public long RoundsToHash => Bcrypt.Rounds(cost);

    /// <summary>Null when there is nothing that a password could be compared with.</summary>
    public StoredHash? Parse(string? storedHash) => StoredHash.TryParse(storedHash, maxStoredCost);

    /// <summary>About how much a comparison costs at most, in bcrypt rounds.</summary>
    public long RoundsToVerify(PasswordBytes password, StoredHash? stored) => password.Forms * Math.Max(RoundsToHash, stored?.Rounds ?? 0);

    /// <summary>Writes a new hash of a password that <see cref="PasswordBytes.IsHashable"/>.</summary>
    public string Hash(PasswordBytes password) =>
        Bcrypt.IsExact(password.Normalized)
            ? BcryptHash.Create(password.Normalized, cost, work)
            : BcryptSha256Hash.Create(password.Normalized, cost, work);

    public PasswordVerification Verify(PasswordBytes password, StoredHash? stored)
    {
        for (int index = 0; index < password.Forms; index++)
        {
            if (stored is null)
            {
                work.Spend(RoundsToHash);
            }
            else if (Compare(password, index, stored))
            {
                // A match by the text as sent only is a hash over other bytes than would be written now.
                return index == 0 && stored.IsCurrent(password.Normalized, cost) ? PasswordVerification.Success : PasswordVerification.SuccessRehashNeeded;
            }
        }

        return PasswordVerification.Failed;
    }

    private bool Compare(PasswordBytes password, int form, StoredHash stored)
    {
        long started = work.Time.GetTimestamp();
        bool matches = stored.Matches(password.IsHashable ? password.Form(form) : BcryptWork.DecoyPassword, work) && password.IsHashable;
        if (!matches)
        {
            long spent = stored.Cost is { } storedCost ? Bcrypt.Rounds(storedCost) : work.Rate.RoundsIn(work.Time.GetElapsedTime(started));
            work.Spend(Math.Max(0, RoundsToHash - spent));
        }

        return matches;
    }
}
