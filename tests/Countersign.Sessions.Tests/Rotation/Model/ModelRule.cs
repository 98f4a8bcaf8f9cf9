using System.Collections.Frozen;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>What a node does with a batch that wrote and whose commit was slow.</summary>
internal enum SlowCommit
{
    /// <summary>
    /// The rule: one UPDATE sets <c>RefreshedAt</c> to now where Generation or Parent is still what it wrote, and answers as decided; 503 for a row that moved
    /// further.
    /// </summary>
    Touch,

    /// <summary>It sets <c>RefreshedAt</c> to now where Generation is what it wrote, and decides again.</summary>
    DecideAgain,

    /// <summary>It just answers late.</summary>
    AnswerLate,

    /// <summary>It always answers 503.</summary>
    Refuse,
}

/// <summary>The part that is taken out of the rule, to see that the search misses it; or the fault that it must bear.</summary>
public enum Mutation
{
    None,
    NoMinimumRotationInterval,
    NoLostAnswer,
    NoDisplacedChild,

    /// <summary>Nothing is taken out: at every decision the key that the row names was revoked.</summary>
    RevokedKey,
}

/// <summary>What the rule makes of one token: the row afterwards, or why the client is logged out.</summary>
internal readonly record struct ModelOutcome(ModelRow Row, RotationCase Case, bool IsRefused);

/// <summary><see cref="RotationRule.Decide"/> in the ticks of the model, with the writer's rules around it.</summary>
internal sealed class ModelRule
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private const string RowKey = "key";
    private static readonly byte[] Stamp = new byte[Session.StampBytes];
    private static readonly AccountFacts Account = new() { UserId = "user", IsActive = true, Stamp = Stamp, Roles = [] };

    private readonly RotationPolicy _policy;
    private readonly RotationKeys _keys;
    private readonly Mutation _mutation;
    private readonly TimeSpan _tick;
    private readonly int _oldest;
    private readonly Dictionary<int, byte[]> _checks = [];

    // The function is pure, and a search asks it the same few thousand questions millions of times.
    private readonly Dictionary<ulong, ModelOutcome> _known = [];

    /// <param name="grace">The grace in ticks.</param>
    /// <param name="oldest">The age at which the model stops to count: it stands for any greater one.</param>
    /// <param name="mutation">The part to take out.</param>
    public ModelRule(int grace, int oldest, Mutation mutation)
    {
        _policy = mutation == Mutation.NoLostAnswer ? new() { LostResponseWindow = TimeSpan.Zero } : new();
        _keys = new(
            "current",
            mutation == Mutation.RevokedKey
                ? FrozenSet.Create(StringComparer.Ordinal, "current")
                : FrozenSet.Create(StringComparer.Ordinal, "current", RowKey));
        _tick = _policy.Grace / grace;
        _oldest = oldest;
        _mutation = mutation;
    }

    /// <summary>Decides one token.</summary>
    /// <param name="row">The row.</param>
    /// <param name="token">The token's generation.</param>
    /// <param name="waited">How long ago the request arrived.</param>
    /// <param name="issue">Parent and age of a token of a generation that the row has not reached; otherwise they do not matter.</param>
    public ModelOutcome Decide(ModelRow row, int token, int waited, ModelIssue issue)
    {
        var question = ((ulong)row.Generation << 48) | ((ulong)row.Parent << 40) | ((ulong)row.Age << 32)
            | ((ulong)(uint)token << 24) | ((ulong)(uint)waited << 16) | ((ulong)issue.Parent << 8) | issue.Age;
        if (!_known.TryGetValue(question, out var outcome))
        {
            outcome = Ask(row, token, waited, issue);
            _known.Add(question, outcome);
        }

        return outcome;
    }

    private ModelOutcome Ask(ModelRow row, int token, int waited, ModelIssue issue)
    {
        var session = MakeSession(row);
        var claims = MakeClaims(session, token, issue);
        var decision = Decide(session, claims, Now - (waited * _tick));
        if (_mutation == Mutation.NoMinimumRotationInterval && decision.Case == RotationCase.Repeated)
        {
            decision = Decide(session, claims, Now + TimeSpan.FromDays(1));
        }

        if (_mutation == Mutation.NoDisplacedChild && decision.Case == RotationCase.ParentReplayed && token != row.Parent)
        {
            return new(row, RotationCase.Reuse, true);
        }

        if (_mutation == Mutation.RevokedKey && decision is { Error: null, Next: { } moved })
        {
            // The row must leave the revoked key whatever the line; where nothing else moves, the model sees no change.
            Assert.Equal("current", moved.KeyId);
            decision = moved with { KeyId = RowKey } == session.State ? decision with { Next = null } : decision;
        }

        if (decision.Error is not null || decision.Next is not { } next)
        {
            return new(row, decision.Case, decision.Error is not null);
        }

        Assert.Equal(Now, next.RefreshedAt);
        return new(new ModelRow(checked((byte)next.Generation), checked((byte)(next.Parent ?? 0)), 0), decision.Case, false);
    }

    private RotationDecision Decide(Session session, RefreshTokenClaims claims, DateTimeOffset arrival) =>
        RotationRule.Decide(session, Account, claims, arrival, Now, _keys, null, _policy);

    private Session MakeSession(ModelRow row) => new(
        new byte[Session.SaltBytes],
        Stamp,
        new(row.Generation, row.Parent == 0 ? null : row.Parent, RowKey, ToInstant(row), Now + TimeSpan.FromDays(7)))
    {
        Id = RotationScene.Id,
        UserId = Account.UserId,
        CreatedAt = Now - TimeSpan.FromDays(1),
        ExpiresAt = Now + TimeSpan.FromDays(30),
        AuthenticatedAt = Now - TimeSpan.FromDays(1),
        Methods = [],
    };

    private RefreshTokenClaims MakeClaims(Session session, int token, ModelIssue issue)
    {
        if (!_checks.TryGetValue(token, out var check))
        {
            check = new byte[RefreshTokenMac.Bytes];
            RefreshTokenMac.Write(session, token, check);
            _checks.Add(token, check);
        }

        return new(session.Id, session.UserId, token, issue.Parent == 0 ? null : issue.Parent, check, Now - (issue.Age * _tick), Now + TimeSpan.FromDays(7));
    }

    // Before its first refresh a row has no such instant. Any age that the model no longer counts stays within the lost-response window, which it has none of.
    private DateTimeOffset? ToInstant(ModelRow row)
    {
        if (row.Age < _oldest)
        {
            return Now - (row.Age * _tick);
        }

        return row.Parent == 0 ? null : Now - TimeSpan.FromMinutes(30);
    }
}
