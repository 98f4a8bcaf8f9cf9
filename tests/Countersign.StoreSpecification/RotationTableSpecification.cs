using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.StoreSpecification;

/// <summary>
/// The rotation table of RotationRule, line by line: what is answered, what becomes of the row, and what the line leaves beside it: the audit event, the
/// metric, the line of the log.
/// </summary>
public abstract class RotationTableSpecification(ITestDatabase database) : StoreSuite(database)
{
    private const string Address = "192.0.2.7";
    private const string Events = "countersign_security_events";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MinimumRotationInterval = 2 * Grace;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Idle = TimeSpan.FromDays(7);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly LogLines _lines = new();

    [Theory]
    [InlineData("row gone", "session_unknown")]
    [InlineData("revoked in the row", "session_revoked")]
    [InlineData("revoked in the row for the limit", "session_limit")]
    [InlineData("revoked in this node's list", "session_revoked")]
    [InlineData("idle for too long", "session_expired")]
    [InlineData("absolute expiry", "session_expired")]
    [InlineData("another check", "refresh_token_check_mismatch")]
    public async Task Refresh_Line1_RefusedForItsOwnReasonAndNothingChanges(string what, string code)
    {
        var (node, tokens) = await LogInAsync();
        await SpoilAsync(what, node, tokens.Session.Id);
        var before = await FindAsync(node, tokens);

        var result = await RefreshAsync(node, tokens, RotationCase.Refused);

        Assert.Equal(code, result.Error().ToCode());
        Assert.Equal(before, await FindAsync(node, tokens));
    }

    /// <summary>Whichever of both is over binds.</summary>
    [Fact]
    public async Task Refresh_Line1_TokenOverBeforeItsSession_RefusedAndNothingChanges()
    {
        var (node, tokens) = await LogInAsync();
        await ExecuteAsync($"UPDATE countersign_sessions SET idle_expires_at = {(Time.GetUtcNow() + 2 * Idle).UtcTicks}");
        var before = await FindAsync(node, tokens);
        Pass(Idle);

        var result = await node.Sessions.RefreshAsync(tokens.RefreshToken);

        Assert.Equal("refresh_token_expired", result.Error().ToCode());
        Assert.Equal(before, await FindAsync(node, tokens));
        Assert.Equal(0, await CountRowsAsync(Events, "1 = 1"));
    }

    /// <summary>The session ends for good, on every node: also where the account is again as it was.</summary>
    [Theory]
    [InlineData("account gone", "account_unknown", RevocationReason.AccountDeleted)]
    [InlineData("account inactive", "account_inactive", RevocationReason.AccountInactive)]
    [InlineData("stamp moved", "account_changed", RevocationReason.AccountChanged)]
    public async Task Refresh_Line1_RefusedForItsAccount_EndsTheSessionOnEveryNode(string what, string code, RevocationReason reason)
    {
        var (node, tokens) = await LogInAsync();
        var other = await StartNodeAsync();
        var before = await FindAsync(node, tokens);
        await SpoilAsync(what, node, tokens.Session.Id);

        var result = await RefreshAsync(node, tokens, RotationCase.Refused);

        Assert.Equal(code, result.Error().ToCode());
        Assert.Equal(before!.Value with { RevokedAt = Time.GetUtcNow(), RevokedReason = reason }, await FindAsync(node, tokens));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", $"reason = {(int)reason}"));
        Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out _));
        await AdvanceUntilAsync(() => other.Revocations.TryFind(tokens.Session.Id, out _));
        Accounts.Add("ada");
        Assert.Equal(code, (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Error().ToCode());
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task Refresh_Line1_AccountCanNotBeRead_IsNotOneThatIsGone()
    {
        var (node, tokens) = await LogInAsync();
        var before = await FindAsync(node, tokens);
        Accounts.Failure = new TimeoutException("The table of accounts is locked.");

        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(tokens.RefreshToken));

        Assert.Equal(before, await FindAsync(node, tokens));
        Accounts.Failure = null;
        Assert.Equal(2, (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair().RefreshGeneration);
    }

    [Fact]
    public async Task Inspect_RefusedForItsAccount_ChangesNothing()
    {
        var (node, tokens) = await LogInAsync();
        var before = await FindAsync(node, tokens);
        Accounts.Add("ada", isActive: false);

        Assert.Null(await node.Sessions.InspectAsync(tokens.RefreshToken, CancellationToken.None));

        Assert.Equal(before, await FindAsync(node, tokens));
        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
        Accounts.Add("ada");
        Assert.NotNull(await node.Sessions.InspectAsync(tokens.RefreshToken, CancellationToken.None));
    }

    [Fact]
    public async Task Refresh_Line2_WithinTheStand_SameRefreshTokenByteForByteAndANewAccessToken()
    {
        var (node, first) = await LogInAsync();
        var second = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
        var before = await FindAsync(node, first);
        Time.Advance(MinimumRotationInterval);

        var standing = (await RefreshAsync(node, second, RotationCase.Repeated)).Pair();

        Assert.Equal(second.RefreshToken, standing.RefreshToken);
        Assert.NotEqual(second.AccessToken, standing.AccessToken);
        Assert.Equal(before, await FindAsync(node, first));
    }

    [Fact]
    public async Task Refresh_Line3_FirstRefreshAndAfterTheStand_NextGeneration()
    {
        var (node, first) = await LogInAsync();
        var started = await FindAsync(node, first);
        Assert.Equal((1, (int?)null, (DateTimeOffset?)null), (started!.Value.Generation, started.Value.Parent, started.Value.RefreshedAt));

        var second = (await RefreshAsync(node, first, RotationCase.Rotated)).Pair();
        Assert.Equal(Written(started, 2, 1), await FindAsync(node, first));
        Time.Advance(MinimumRotationInterval + Second);
        var third = (await RefreshAsync(node, second, RotationCase.Rotated)).Pair();

        Assert.Equal((2, 3), (second.RefreshGeneration, third.RefreshGeneration));
        Assert.Equal(Written(started, 3, 2), await FindAsync(node, first));
    }

    [Fact]
    public async Task Refresh_Line4_ParentWithinTheGrace_CurrentPairAgain()
    {
        var (node, first) = await LogInAsync();
        var second = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
        var before = await FindAsync(node, first);
        Time.Advance(Grace);

        var again = (await RefreshAsync(node, first, RotationCase.ParentReplayed)).Pair();

        Assert.Equal(second.RefreshToken, again.RefreshToken);
        Assert.NotEqual(second.AccessToken, again.AccessToken);
        Assert.Equal(before, await FindAsync(node, first));
    }

    /// <summary>The child that was displaced is an orphan: good for the grace, theft after it.</summary>
    [Fact]
    public async Task Refresh_Line4_ChildDisplacedLast_CurrentPairWithinTheGraceAndReuseAfterIt()
    {
        var (node, first) = await LogInAsync();
        var lost = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
        Time.Advance(Grace + Second);
        var found = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
        var before = await FindAsync(node, first);
        Time.Advance(Grace);

        var again = (await RefreshAsync(node, lost, RotationCase.ParentReplayed)).Pair();

        Assert.Equal(found.RefreshToken, again.RefreshToken);
        Assert.Equal(before, await FindAsync(node, first));
        Time.Advance(Second);
        Assert.Equal(RefreshError.Reused, (await RefreshAsync(node, lost, RotationCase.Reuse, "refresh_token_reused")).Error());
    }

    [Fact]
    public async Task Refresh_Line5_ParentAfterTheGrace_ReplacesTheChildWhoseAnswerWasLost()
    {
        var (node, first) = await LogInAsync();
        await node.Sessions.RefreshAsync(first.RefreshToken);
        var before = await FindAsync(node, first);
        Time.Advance(Grace + Second);

        var found = (await RefreshAsync(node, first, RotationCase.AnswerLost, "refresh_answer_lost")).Pair();

        Assert.Equal(3, found.RefreshGeneration);
        Assert.Equal(Written(before, 3, 1), await FindAsync(node, first));
    }

    /// <summary>A failover to a copy that lacks the last rotation, whatever came before it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Refresh_Line6_RowIsOneBehind_WriteIsDoneAgainAndTheClientGoesOn(int generation)
    {
        var (node, tokens) = await LogInAsync();
        var copy = await FindAsync(node, tokens);
        for (var at = 1; at <= generation; at++)
        {
            copy = await FindAsync(node, tokens);
            tokens = await NextAsync(node, tokens);
        }

        await PutBackAsync(copy);
        Time.Advance(Second);

        var again = (await RefreshAsync(node, tokens, RotationCase.WriteLost, "refresh_write_lost")).Pair();

        Assert.Equal(generation + 1, again.RefreshGeneration);
        Assert.Equal(Written(copy, generation + 1, generation), await FindAsync(node, tokens));
        Assert.Equal(generation + 2, (await NextAsync(node, again)).RefreshGeneration);
    }

    /// <summary>One ahead, and no younger than the row's own last rotation: no failover has lost it.</summary>
    [Fact]
    public async Task Refresh_Line7_OneAheadAndNotLaterThanTheRow_RefusedAndNothingChanges()
    {
        var (node, first) = await LogInAsync();
        var copy = await FindAsync(node, first);
        var second = await NextAsync(node, first);
        await PutBackAsync(copy!.Value with { RefreshedAt = Time.GetUtcNow() });
        var before = await FindAsync(node, first);

        var result = await RefreshAsync(node, second, RotationCase.Ahead, "session_ahead");

        Assert.Equal("session_ahead", result.Error().ToCode());
        Assert.Equal(before, await FindAsync(node, first));
    }

    [Fact]
    public async Task Refresh_Line7_RowIsTwoBehind_RefusedAndNothingChanges()
    {
        var (node, tokens, _, _) = await GoOnAndPutBackAsync();
        var before = await FindAsync(node, tokens);

        var result = await RefreshAsync(node, tokens, RotationCase.Ahead, "session_ahead");

        Assert.Equal("session_ahead", result.Error().ToCode());
        Assert.Equal(before, await FindAsync(node, tokens));
    }

    [Fact]
    public async Task Refresh_Line7_AcceptedAfterARestore_GoesOnFromTheToken()
    {
        var (_, tokens, copy, point) = await GoOnAndPutBackAsync();
        var node = await StartAcceptingAsync(point, Time.GetUtcNow() + Second);

        var taken = (await RefreshAsync(node, tokens, RotationCase.WriteLost, "refresh_write_lost")).Pair();

        Assert.Equal(4, taken.RefreshGeneration);
        Assert.Equal(Written(copy, 4, 3), await FindAsync(node, tokens));
        Assert.Equal(5, (await NextAsync(node, taken)).RefreshGeneration);
    }

    [Theory]
    [InlineData("issued at the restore point")]
    [InlineData("at the end of the window")]
    public async Task Refresh_Line7_OutsideOfWhatIsAcceptedAfterARestore_RefusedAndNothingChanges(string what)
    {
        var (_, tokens, copy, point) = await GoOnAndPutBackAsync();
        var end = Time.GetUtcNow() + Second;
        var node = what == "at the end of the window" ? await StartAcceptingAsync(point, end) : await StartAcceptingAsync(Time.GetUtcNow(), end);
        Pass(what == "at the end of the window" ? Second : TimeSpan.Zero);

        var result = await RefreshAsync(node, tokens, RotationCase.Ahead, "session_ahead");

        Assert.Equal("session_ahead", result.Error().ToCode());
        Assert.Equal(copy, await FindAsync(node, tokens));
    }

    [Fact]
    public async Task Refresh_Line8_TokenLeftBehind_RevokesTheSessionOnEveryNode()
    {
        var (node, first) = await LogInAsync();
        var other = await StartNodeAsync();
        var second = await NextAsync(node, first);
        var third = await NextAsync(node, second);
        var before = await FindAsync(node, first);
        Time.Advance(Grace + Second);

        var result = await RefreshAsync(node, first, RotationCase.Reuse, "refresh_token_reused");

        Assert.Equal("refresh_token_reused", result.Error().ToCode());
        Assert.Equal(before!.Value with { RevokedAt = Time.GetUtcNow(), RevokedReason = RevocationReason.RefreshTokenReused }, await FindAsync(node, first));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", $"reason = {(int)RevocationReason.RefreshTokenReused}"));
        Assert.Equal(RefreshError.SessionRevoked, (await node.Sessions.RefreshAsync(third.RefreshToken)).Error());
        Assert.False(node.Validator.TryValidate(third.AccessToken, out _, out var error));
        Assert.Equal(Tokens.TokenError.SessionRevoked, error);
        await AdvanceUntilAsync(() => other.Revocations.TryFind(first.Session.Id, out _));
        Assert.False(other.Validator.TryValidate(third.AccessToken, out _, out _));
        Assert.Equal(1, await CountRowsAsync(Events, "1 = 1"));
    }

    [Fact]
    public async Task Refresh_Line8_ParentAfterTheLostAnswerWindow_Reuse()
    {
        var (node, first) = await LogInAsync();
        await node.Sessions.RefreshAsync(first.RefreshToken);
        Pass(Window + Second);

        Assert.Equal(RefreshError.Reused, (await RefreshAsync(node, first, RotationCase.Reuse, "refresh_token_reused")).Error());
    }

    /// <summary>Refreshes, and looks at all that the line leaves beside its answer and its row.</summary>
    private async Task<RefreshResult> RefreshAsync(Node node, SessionTokens tokens, RotationCase line, string? audit = null)
    {
        using var meter = new RefreshMeter();
        var (events, lines) = (await CountRowsAsync(Events, "1 = 1"), _lines.All.Count);

        var result = await node.Sessions.RefreshAsync(tokens.RefreshToken, Address);

        _ = result.TryGetTokens(out _, out var error);
        Assert.Equal((line.ToString(), error?.ToCode()), Assert.Single(meter.Refreshes));
        var logged = Assert.Single(_lines.All.Skip(lines), entry => entry.Text.Contains($"{tokens.Session.Id}", StringComparison.Ordinal));
        var (id, name, level) = line switch
        {
            RotationCase.Refused or RotationCase.Repeated or RotationCase.Rotated => (1003, "Refreshed", LogLevel.Debug),
            RotationCase.ParentReplayed => (1009, "refresh_parent_replayed", LogLevel.Warning),
            _ => (1004, "RefreshEvent", LogLevel.Warning),
        };
        Assert.Equal((id, name, level), (logged.Event.Id, logged.Event.Name, logged.Level));
        Assert.EndsWith($": {line}.", logged.Text, StringComparison.Ordinal);
        Assert.Equal(events + (audit is null ? 0 : 1), await CountRowsAsync(Events, "1 = 1"));
        var detail = $"generation {tokens.RefreshGeneration} presented";
        Assert.Equal(
            audit is null ? 0 : 1,
            await CountRowsAsync(Events, $"kind = '{audit}' AND user_id = 'ada' AND ip_address = '{Address}' AND detail = '{detail}'"));
        return result;
    }

    /// <summary>What a line that writes makes of a row.</summary>
    private SessionState Written(SessionState? before, int generation, int? parent) =>
        before!.Value with { Generation = generation, Parent = parent, RefreshedAt = Time.GetUtcNow(), IdleExpiresAt = Time.GetUtcNow() + Idle };

    private static async Task<SessionState?> FindAsync(Node node, SessionTokens tokens) => (await node.Sessions.FindAsync(tokens.Session.Id))?.State;

    private async Task<(Node Node, SessionTokens Tokens)> LogInAsync()
    {
        Accounts.Add("ada");
        var node = await StartNodeAsync(_lines.AddTo);
        var tokens = await node.LogInAsync("ada");
        Time.Advance(Second);
        return (node, tokens);
    }

    private async Task<SessionTokens> NextAsync(Node node, SessionTokens tokens)
    {
        Time.Advance(MinimumRotationInterval + Second);
        return (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
    }

    /// <summary>Takes the copy at generation 2, goes on to generation 4, and puts the copy back.</summary>
    private async Task<(Node Node, SessionTokens Latest, SessionState Copy, DateTimeOffset Point)> GoOnAndPutBackAsync()
    {
        var (node, tokens) = await LogInAsync();
        tokens = await NextAsync(node, tokens);
        var (copy, point) = (await FindAsync(node, tokens), Time.GetUtcNow());
        tokens = await NextAsync(node, await NextAsync(node, tokens));
        await PutBackAsync(copy);
        return (node, tokens, copy!.Value, point);
    }

    private Task<Node> StartAcceptingAsync(DateTimeOffset point, DateTimeOffset until) => StartNodeAsync(services =>
    {
        _lines.AddTo(services);
        services.Configure<CountersignRefreshOptions>(options =>
            (options.AfterRestore, options.RestorePoint, options.AcceptUntil) = (AfterRestoreBehavior.Accept, point, until));
    });

    /// <summary>Takes the one session back to a state that it was in, as a failover or a restored backup does.</summary>
    private Task PutBackAsync(SessionState? state)
    {
        var (generation, parent, keyId, refreshedAt, idleExpiresAt, _, _) = state!.Value;
        return ExecuteAsync(
            $"""
             UPDATE countersign_sessions SET generation = {generation}, parent = {(object?)parent ?? "NULL"}, key_id = '{keyId}',
             refreshed_at = {(object?)refreshedAt?.UtcTicks ?? "NULL"}, idle_expires_at = {idleExpiresAt.UtcTicks}
             """);
    }

    private async Task SpoilAsync(string what, Node node, Guid id)
    {
        var now = Time.GetUtcNow();
        switch (what)
        {
            case "row gone":
                await ExecuteAsync("DELETE FROM countersign_sessions");
                break;
            case "revoked in the row":
                await ExecuteAsync($"UPDATE countersign_sessions SET revoked_at = {now.UtcTicks}, revoked_reason = {(int)RevocationReason.LoggedOut}");
                break;
            case "revoked in the row for the limit":
                await ExecuteAsync($"UPDATE countersign_sessions SET revoked_at = {now.UtcTicks}, revoked_reason = {(int)RevocationReason.SessionLimit}");
                break;
            case "revoked in this node's list":
                node.Revocations.Add(id, RevocationReason.LoggedOut, now);
                break;
            case "idle for too long":
                await ExecuteAsync($"UPDATE countersign_sessions SET idle_expires_at = {now.UtcTicks}");
                break;
            case "absolute expiry":
                await ExecuteAsync($"UPDATE countersign_sessions SET expires_at = {now.UtcTicks}");
                break;
            case "another check":
                await ExecuteAsync($"UPDATE countersign_sessions SET salt = {FreshBytes}");
                break;
            case "account gone":
                Accounts.Remove("ada");
                break;
            case "account inactive":
                Accounts.Add("ada", isActive: false);
                break;
            default:
                Accounts.Add("ada", stamp: "changed");
                break;
        }
    }
}
