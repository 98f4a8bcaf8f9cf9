using System.Globalization;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>
/// Plans changes of the key table at one version. Each method plans one change and writes nothing. It has no side effects, except that it makes keys.
/// </summary>
/// <param name="rows">The rows of both uses.</param>
/// <param name="isReadable">Whether this node can decrypt a row.</param>
/// <param name="wrapper">Makes and encrypts missing keys.</param>
/// <param name="settings">The times and the algorithm.</param>
/// <param name="now">The time of the plan.</param>
internal sealed class KeyPlan(IReadOnlyList<StoredKey> rows, Predicate<StoredKey> isReadable, KeyWrapper wrapper, KeySettings settings, DateTimeOffset now)
{
    /// <summary>The size of a published key in bytes, without its id and its base64url numbers, which are part of its SubjectPublicKeyInfo.</summary>
    private const int JsonWebKeyMemberBytes = 80;

    private static readonly KeyUse[] Uses = [KeyUse.AccessToken, KeyUse.RefreshToken];

    /// <summary>Whether there are keys and this node can decrypt none. Then its master key is wrong, and keys that it wrote would be wrong too.</summary>
    public bool IsLocked => rows.Any(IsInForce) && !rows.Any(row => IsInForce(row) && isReadable(row));

    /// <summary>Returns the row whose key signs on this node; null if there is none.</summary>
    /// <remarks>That is the current key. If this node can't decrypt it, the next key signs early, because all services already know it.</remarks>
    public StoredKey? FindSigning(KeyUse use) => Readable(use, KeyState.Current) ?? Readable(use, KeyState.Next);

    /// <summary>Returns the row that is current in the table, readable or not; null if there is none.</summary>
    public StoredKey? FindCurrent(KeyUse use) => Readable(use, KeyState.Current) ?? InState(use, KeyState.Current).MaxBy(static row => row.ActivatedAt);

    /// <summary>Returns the row that will sign next; null if there is none that this node can decrypt.</summary>
    public StoredKey? FindNext(KeyUse use) => Readable(use, KeyState.Next);

    public StoredKey? Find(string keyId) => rows.FirstOrDefault(row => string.Equals(row.KeyId, keyId, StringComparison.Ordinal));

    /// <summary>Plans missing keys, so that each use has a current key and a next key.</summary>
    /// <param name="replacesUnreadable">
    /// Whether to replace keys that this node can't decrypt. A node does so only when it starts. Otherwise two nodes that can't read each other's keys would
    /// replace them for ever.
    /// </param>
    public KeyChanges Complete(bool replacesUnreadable)
    {
        var changes = new KeyChanges();
        foreach (var use in Uses)
        {
            if (FindSigning(use) is null && (replacesUnreadable || !InState(use, KeyState.Current).Any()))
            {
                // This node has no key that signs. Another node may still be able to decrypt these keys and verify with them.
                Retire(InState(use, KeyState.Current), changes);
                changes.Saved.Add(Make(use, KeyState.Current));
            }

            if (FindNext(use) is null && (replacesUnreadable || !InState(use, KeyState.Next).Any()))
            {
                Retire(InState(use, KeyState.Next), changes);
                changes.Saved.Add(Make(use, KeyState.Next));
            }
        }

        return changes;
    }

    /// <summary>Plans what is due: promotions, and the deletion of keys whose tokens can't be accepted any more.</summary>
    public KeyChanges RotateDue()
    {
        var changes = new KeyChanges();
        foreach (var use in Uses)
        {
            if (FindCurrent(use) is { ActivatedAt: { } since } && now >= since + settings.RotationPeriod && FindNext(use) is { } next && now >= ReadyAt(next))
            {
                Promote(next, "the period is over", changes);
            }
        }

        foreach (var row in rows.Where(row => row.RetiresAt is { } end && now >= end))
        {
            changes.Deleted.Add(row.KeyId);
        }

        return changes;
    }

    /// <summary>Plans a promotion ahead of schedule.</summary>
    /// <param name="use">Which key.</param>
    /// <param name="force">Whether to promote a key that was not published for the required time.</param>
    /// <param name="result">The result of the change.</param>
    public KeyChanges Rotate(KeyUse use, bool force, out KeyChangeResult result)
    {
        var changes = new KeyChanges();
        if (FindNext(use) is not { } next)
        {
            throw new InvalidOperationException("The table has no next key. Missing keys must be made before a rotation.");
        }

        if (now < ReadyAt(next) && !force)
        {
            result = new KeyChangeResult
            {
                Error = KeyChangeError.NextTooYoung,
                Use = use,
                SigningKeyId = next.KeyId,
                PublishedAt = next.CreatedAt,
                ReadyAt = ReadyAt(next),
                IsYoung = true,
            };
            return changes;
        }

        Promote(next, "asked for", changes);
        if (use == KeyUse.AccessToken && PublishedBytes(changes) > JsonWebKeyDocument.MaxBytes)
        {
            result = new KeyChangeResult { Error = KeyChangeError.TooManyPublished, Use = use, SigningKeyId = FindSigning(use)?.KeyId };
            return new KeyChanges();
        }

        result = Signing(use, next);
        return changes;
    }

    /// <summary>Plans a revocation.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="result">The result of the change.</param>
    public KeyChanges Revoke(string keyId, out KeyChangeResult result)
    {
        var changes = new KeyChanges();
        if (Find(keyId) is not { } row)
        {
            result = new KeyChangeResult { Error = KeyChangeError.KeyUnknown };
            return changes;
        }

        if (row.State == KeyState.Revoked)
        {
            result = new KeyChangeResult { Error = KeyChangeError.KeyRevokedAlready, Use = row.Use };
            return changes;
        }

        changes.Saved.Add(row.In(KeyState.Revoked, row.ActivatedAt, now + settings.RetentionOf(row.Use)));
        changes.Events.Add(Event("key_revoked", $"{Name(row)}, which was {row.State.ToString().ToLowerInvariant()}"));
        result = Replace(row, changes);
        return changes;
    }

    /// <summary>Plans to encrypt rows again.</summary>
    /// <param name="reencrypt">Encrypts a row again; returns null if that is not needed.</param>
    public KeyChanges Rewrap(Func<StoredKey, StoredKey?> reencrypt)
    {
        var changes = new KeyChanges();
        foreach (var row in rows.Select(reencrypt).OfType<StoredKey>())
        {
            changes.Saved.Add(row);
        }

        if (changes.Saved.Count > 0)
        {
            changes.Events.Add(
                Event("keys_rewrapped", string.Create(CultureInfo.InvariantCulture, $"{changes.Saved.Count} keys are under the new master key")));
        }

        return changes;
    }

    /// <summary>Returns the time from which a next key may sign.</summary>
    public DateTimeOffset ReadyAt(StoredKey next) => next.CreatedAt + settings.LeadOf(next.Use);

    /// <summary>Replaces a revoked key.</summary>
    private KeyChangeResult Replace(StoredKey revoked, KeyChanges changes)
    {
        // If this node can decrypt nothing, its master key is wrong. Keys that it made would be under the wrong master key too.
        var isMasterKeyRight = isReadable(revoked) || rows.Any(row => IsInForce(row) && isReadable(row));
        if (revoked.State is not (KeyState.Current or KeyState.Next) || !isMasterKeyRight)
        {
            return new KeyChangeResult { Use = revoked.Use };
        }

        var others = rows.Where(row => row.Use == revoked.Use && !ReferenceEquals(row, revoked)).ToList();
        var current = others.Where(row => row.State == KeyState.Current && isReadable(row)).MaxBy(static row => row.ActivatedAt);
        var next = others.Where(row => row.State == KeyState.Next && isReadable(row)).MinBy(static row => row.CreatedAt);
        if (current is null)
        {
            var made = next is null;
            next ??= Make(revoked.Use, KeyState.Current);
            changes.Saved.Add(made ? next : next.In(KeyState.Current, now, null));
            changes.Saved.Add(Make(revoked.Use, KeyState.Next));
            changes.Events.Add(Event("key_rotated", $"{Name(next)} signs from now on"));
            return Signing(revoked.Use, next);
        }

        if (next is null)
        {
            changes.Saved.Add(Make(revoked.Use, KeyState.Next));
        }

        return new KeyChangeResult { Use = revoked.Use };
    }

    /// <summary>The largest size of the JWK Set in bytes, with the keys that would be added.</summary>
    private int PublishedBytes(KeyChanges changes) => rows
        .Where(IsInForce)
        .Concat(changes.Saved.Where(saved => Find(saved.KeyId) is null))
        .Where(static row => row.Use == KeyUse.AccessToken)
        .Sum(static row => JsonWebKeyMemberBytes + row.KeyId.Length + (row.PublicKey.GetValueOrDefault().Length * 4 / 3));

    private StoredKey Make(KeyUse use, KeyState state) => wrapper.Create(settings.AlgorithmOf(use), use, state, now);

    private void Promote(StoredKey next, string reason, KeyChanges changes)
    {
        Retire(InState(next.Use, KeyState.Current), changes);
        changes.Saved.Add(next.In(KeyState.Current, now, null));
        changes.Saved.Add(Make(next.Use, KeyState.Next));
        changes.Events.Add(Event("key_rotated", $"{Name(next)} signs from now on: {reason}"));
    }

    private void Retire(IEnumerable<StoredKey> replaced, KeyChanges changes)
    {
        foreach (var row in replaced)
        {
            changes.Saved.Add(row.In(KeyState.Retired, row.ActivatedAt, now + settings.RetentionOf(row.Use)));
        }
    }

    private KeyChangeResult Signing(KeyUse use, StoredKey key) => new()
    {
        Use = use,
        SigningKeyId = key.KeyId,
        PublishedAt = key.CreatedAt,
        ReadyAt = ReadyAt(key),
        IsYoung = now < ReadyAt(key),
    };

    private IEnumerable<StoredKey> InState(KeyUse use, KeyState state) => rows.Where(row => row.Use == use && row.State == state);

    /// <summary>If there are several, the current key that came last, and the next key that came first. All nodes choose the same one.</summary>
    private StoredKey? Readable(KeyUse use, KeyState state)
    {
        var readable = InState(use, state).Where(row => isReadable(row));
        return state == KeyState.Current ? readable.MaxBy(static row => row.ActivatedAt) : readable.MinBy(static row => row.CreatedAt);
    }

    private bool IsInForce(StoredKey row) => row.State != KeyState.Revoked && (row.RetiresAt is not { } end || now < end);

    private static string Name(StoredKey row) => $"{(row.Use == KeyUse.AccessToken ? "signing" : "refresh")} key {row.KeyId} ({row.Algorithm})";

    private SecurityEvent Event(string kind, string detail) => new(Guid.CreateVersion7(now), now, kind, null, null, null, detail);
}
