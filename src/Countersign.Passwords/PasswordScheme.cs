using System.Runtime.CompilerServices;
using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>
/// What is written and how a password is compared, as a sequence of steps: each asks for a bcrypt digest and goes on when its request is filled, or is null,
/// and the next step computes something else at length on the thread that takes it. All ways to fail take the same work: as many forms of the password as it has,
/// each at least the configured cost.
/// </summary>
internal sealed class PasswordScheme(int cost, int maxStoredCost, WorkRate rate, TimeProvider time)
{
    /// <summary>How much a new hash costs, in bcrypt rounds.</summary>
    public long RoundsToHash => Bcrypt.Rounds(cost);

    /// <summary>Null when there is nothing that a password could be compared with.</summary>
    public StoredHash? Parse(string? storedHash) => StoredHash.TryParse(storedHash, maxStoredCost);

    /// <summary>About how much a comparison costs at most, in bcrypt rounds.</summary>
    public long RoundsToVerify(PasswordBytes password, StoredHash? stored) => password.Forms * Math.Max(RoundsToHash, stored?.Rounds ?? 0);

    /// <summary>Writes a new hash of a password that <see cref="PasswordBytes.IsHashable"/>.</summary>
    public IEnumerator<BcryptRequest?> Hash(PasswordBytes password, StrongBox<string> answer)
    {
        bool isExact = Bcrypt.IsExact(password.Normalized);
        using var request = isExact ? BcryptHash.BeginNew(password.Normalized, cost) : BcryptSha256Hash.BeginNew(password.Normalized, cost);
        yield return request;
        answer.Value = isExact ? BcryptHash.Write(request) : BcryptSha256Hash.Write(request);
    }

    public IEnumerator<BcryptRequest?> Verify(PasswordBytes password, StoredHash? stored, StrongBox<PasswordVerification> answer)
    {
        for (int index = 0; index < password.Forms; index++)
        {
            bool matches = false;
            long spent = 0;
            if (stored is BcryptStoredHash bcrypt)
            {
                using var request = bcrypt.Begin(Form(password, index));
                yield return request;
                matches = bcrypt.Matches(request);
                spent = request.Rounds;
            }
            else if (stored is ForeignHash foreign)
            {
                yield return null;
                long started = time.GetTimestamp();
                matches = foreign.Matches(Form(password, index));
                spent = rate.RoundsIn(time.GetElapsedTime(started));
            }

            // What was compared for text that cannot be a password is not that text.
            if (matches && password.IsHashable)
            {
                // A match by the text as sent only is a hash over other bytes than would be written now.
                answer.Value = index == 0 && stored!.IsCurrent(password.Normalized, cost) ? PasswordVerification.Success : PasswordVerification.SuccessRehashNeeded;
                yield break;
            }

            if (spent < RoundsToHash)
            {
                using var rest = BcryptRequest.Decoy(RoundsToHash - spent);
                yield return rest;
            }
        }

        answer.Value = PasswordVerification.Failed;
    }

    private static ReadOnlySpan<byte> Form(PasswordBytes password, int index) => password.IsHashable ? password.Form(index) : BcryptRequest.DecoyPassword;
}
